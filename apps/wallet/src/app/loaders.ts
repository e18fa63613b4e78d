import { welcomeLoaders } from '../screens/welcome/loaders.ts';

/** Every screen beyond home is fetched on its own; `App` warms them up once the first one stands. */
export const loaders = {
  balanceProof: () =>
    import('../screens/home/BalanceProof.tsx').then(({ BalanceProof }) => ({ default: BalanceProof })),
  pay: () => import('../screens/pay/Pay.tsx').then(({ Pay }) => ({ default: Pay })),
  payment: () => import('../screens/payment/Payment.tsx').then(({ Payment }) => ({ default: Payment })),
  receive: () => import('../screens/receive/Receive.tsx').then(({ Receive }) => ({ default: Receive })),
  activity: () => import('../screens/activity/Activity.tsx').then(({ Activity }) => ({ default: Activity })),
  transaction: () =>
    import('../screens/activity/Transaction.tsx').then(({ Transaction }) => ({ default: Transaction })),
  network: () => import('../screens/network/Network.tsx').then(({ Network }) => ({ default: Network })),
  tempo: () => import('../screens/tempo/Tempo.tsx').then(({ Tempo }) => ({ default: Tempo })),
  settings: () => import('../screens/settings/Settings.tsx').then(({ Settings }) => ({ default: Settings })),
  welcome: () => import('../screens/welcome/Welcome.tsx').then(({ Welcome }) => ({ default: Welcome })),
  ...welcomeLoaders,
  lock: () => import('../screens/lock/Lock.tsx').then(({ Lock }) => ({ default: Lock })),
  missing: () => import('../screens/lock/Missing.tsx').then(({ Missing }) => ({ default: Missing })),
  networkChanged: () =>
    import('../screens/lock/NetworkChanged.tsx').then(({ NetworkChanged }) => ({ default: NetworkChanged })),
  unreachable: () => import('../screens/lock/Unreachable.tsx').then(({ Unreachable }) => ({ default: Unreachable })),
};
