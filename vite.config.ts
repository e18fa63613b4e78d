import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { manifest } from './apps/wallet/manifest.ts';

/** Where `npm run dev` finds a running relay; the devnet sets it when its ports are moved. */
const relayUrl = process.env.FASTPAY_RELAY_URL ?? 'http://127.0.0.1:4700';
const fromRoot = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Shown in the settings, so that two people can tell whether they run the same wallet. */
function buildId(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short=10', 'HEAD'], { cwd: fromRoot('.'), stdio: 'pipe' })
      .toString()
      .trim();
  } catch {
    // A source archive has no git history.
    return 'unversioned';
  }
}

export default defineConfig({
  root: fromRoot('./apps/wallet'),
  publicDir: fromRoot('./public'),
  cacheDir: fromRoot('./node_modules/.vite/wallet'),
  define: { __BUILD_ID__: JSON.stringify(buildId()) },
  plugins: [
    react(),
    VitePWA({
      manifest,
      // The wallet registers the worker itself: an update must never interrupt a payment (state/update.ts).
      injectRegister: null,
      registerType: 'prompt',
      includeAssets: [],
      workbox: {
        globPatterns: ['**/*.{js,css,html,woff2,svg,png,wasm}'],
        navigateFallback: 'index.html',
        navigateFallbackDenylist: [/^\/v1(\/|$)/, /^\/fastpay\./, /^\/(healthz|readyz|metrics)/],
        cleanupOutdatedCaches: true,
        clientsClaim: false,
        skipWaiting: false,
        sourcemap: false,
      },
    }),
  ],
  worker: { format: 'es' },
  build: {
    outDir: fromRoot('./dist/wallet'),
    emptyOutDir: true,
    // The first versions with light-dark(), container queries and :has().
    target: ['chrome123', 'safari17.5', 'firefox121'],
    // Inlined fonts and images would need data: in the content security policy.
    assetsInlineLimit: 0,
    manifest: true,
    // Every supported browser preloads modules itself; the polyfill fetches without integrity.
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      '/v1': { target: relayUrl, changeOrigin: true },
      '/fastpay.v1.': { target: relayUrl, changeOrigin: true },
    },
  },
});
