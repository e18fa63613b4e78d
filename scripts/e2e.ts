import { ensureChromium } from './chromium.ts';
import { run, runTool } from './run.ts';

/** `npm run test:e2e`: browser journeys against whole devnets. Arguments go to Playwright. */

const words = process.argv.slice(2);
const config = words.includes('--config') ? [] : ['--config', 'e2e/playwright.config.ts'];

const CHROMIUM_PATH = await ensureChromium();
const build = await run('npm', ['run', '--silent', 'build'], { output: 'pass' });
if (build.exitCode === 0) {
  const result = await runTool('@playwright/test/cli.js', ['test', ...config, ...words], {
    output: 'pass',
    env: { CHROMIUM_PATH },
  });
  process.exitCode = result.exitCode;
} else {
  process.exitCode = build.exitCode;
}
