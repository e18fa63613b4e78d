import { ensureChromium } from './chromium.ts';
import { runTool } from './run.ts';

/** `npm run test:e2e`: browser journeys against whole devnets. Arguments go to Playwright. */

const CHROMIUM_PATH = await ensureChromium();
const result = await runTool(
  '@playwright/test/cli.js',
  ['test', '--config', 'e2e/playwright.config.ts', ...process.argv.slice(2)],
  { output: 'pass', env: { CHROMIUM_PATH } },
);
process.exitCode = result.exitCode;
