import { fileURLToPath } from 'node:url';
import { messageOf } from '../error.ts';
import { buildWalletIfChanged } from './build.ts';

/** `npm run build`: the wallet into dist/wallet, unless it is there already. */

const repositoryRoot = fileURLToPath(new URL('../../../../', import.meta.url));
try {
  const { built, seconds } = await buildWalletIfChanged(repositoryRoot, () => undefined);
  console.log(built ? `Built the wallet in ${seconds.toFixed(1)} s: dist/wallet` : 'dist/wallet is up to date');
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
