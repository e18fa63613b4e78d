/** What follows the welcome for those who do not take a demo account. */
export const welcomeLoaders = {
  createWallet: () => import('./CreateWallet.tsx').then(({ CreateWallet }) => ({ default: CreateWallet })),
  importWallet: () => import('./ImportWallet.tsx').then(({ ImportWallet }) => ({ default: ImportWallet })),
};
