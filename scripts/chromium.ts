import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from '@playwright/test';
import { run, runTool } from './run.ts';

/** Names under which systems install a browser that Playwright can drive, best first. */
const commandNames = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

function findOnPath(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return commandNames.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}

function findPlaywrightBrowser(): string | undefined {
  const path = chromium.executablePath();
  return path && existsSync(path) ? path : undefined;
}

/** A Chromium that is on this machine already: CHROMIUM_PATH, the system's, or Playwright's own. */
export function findChromium(): string | undefined {
  const wanted = process.env.CHROMIUM_PATH;
  if (wanted !== undefined && wanted !== '') {
    if (!existsSync(wanted)) throw new Error(`CHROMIUM_PATH names ${wanted}, and there is no such file`);
    return wanted;
  }
  return findOnPath() ?? findPlaywrightBrowser();
}

/**
 * Finds a Chromium, or installs one: Playwright's own where it can be downloaded, else Debian's package as root.
 * @throws Error that says what was tried.
 */
export async function ensureChromium(): Promise<string> {
  const found = findChromium();
  if (found) return found;
  console.log('No Chromium here. Trying to download the one that Playwright brings …');
  const download = await runTool('@playwright/test/cli.js', ['install', 'chromium'], { output: 'capture' });
  const downloaded = findPlaywrightBrowser();
  if (download.exitCode === 0 && downloaded) return downloaded;

  const mayUseApt = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (mayUseApt) {
    console.log('It could not be downloaded. Installing Debian’s package chromium …');
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    const update = await run('apt-get', ['update', '-qq'], { output: 'capture', env });
    const install = await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], {
      output: 'capture',
      env,
    });
    const installed = findOnPath();
    if (installed) return installed;
    console.log(lastLines(update.output + install.output, 10));
  }
  throw new Error(
    [
      'The browser tests need a Chromium, and none could be found or installed.',
      'Install Chromium or Chrome, or set CHROMIUM_PATH to its executable.',
      `What Playwright said: ${lastLines(download.output, 3)}`,
      mayUseApt ? '' : 'Debian’s package was not tried: that needs root and apt-get.',
    ]
      .filter((line) => line !== '')
      .join('\n'),
  );
}

function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
