import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import type { Platform } from '../platform/ports.ts';
import type { InstallPromptEvent } from '../state/install.ts';
import { createWallet, type Wallet } from '../state/wallet.ts';
import { App } from './App.tsx';
import { WalletContext } from './WalletContext.ts';
import '../styles/tokens.css';
import '../styles/base.css';

/** Puts a wallet over this platform onto the page. */
export function start(platform: Platform, root: Element): Wallet {
  const wallet = createWallet(platform);
  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    wallet.install.getState().offer(event as InstallPromptEvent);
  });
  createRoot(root).render(
    <StrictMode>
      <WalletContext value={wallet}>
        <App />
      </WalletContext>
    </StrictMode>,
  );
  wallet.start();
  return wallet;
}
