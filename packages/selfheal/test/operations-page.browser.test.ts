import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AxeResults } from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operationsPage } from '../src/report/page/operations-page.ts';
import { findChromium } from './chromium.ts';
import { hostileReport } from './operations.ts';

const executablePath = findChromium(process.env);
if (executablePath === undefined)
  console.warn(
    'SKIPPED: the HTML report is not tried in a browser, since no chromium or google-chrome is on PATH (apt-get install chromium, or set SELFHEAL_CHROMIUM)',
  );

describe.skipIf(executablePath === undefined)('the HTML report in a browser', () => {
  let folder: string;
  let browser: Browser;
  let url: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'selfheal-page-'));
    await writeFile(join(folder, 'top.html'), operationsPage(hostileReport()));
    url = pathToFileURL(join(folder, 'top.html')).href;
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** The page as opened, with what it asked for and complained of. */
  async function open(
    options: { colorScheme?: 'light' | 'dark'; bypassCSP?: boolean; width?: number } = {},
  ): Promise<{ page: Page; requests: string[]; complaints: string[] }> {
    const { colorScheme = 'light', bypassCSP = false, width = 1_280 } = options;
    const page = await browser.newPage({ colorScheme, bypassCSP, viewport: { width, height: 900 } });
    const requests: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => void dialog.dismiss().then(() => complaints.push(dialog.message())));
    await page.goto(url);
    return { page, requests, complaints };
  }

  it('asks for nothing, runs nothing, says nothing in the console', async () => {
    const { page, requests, complaints } = await open();
    expect(requests).toEqual([url]);
    expect(complaints).toEqual([]);
    expect(await page.locator('script, img, iframe, link').count()).toBe(0);
    expect(await page.getByRole('rowheader', { name: '<script>alert(1)</script>' }).count()).toBe(2);
    expect(await page.evaluate("getComputedStyle(document.querySelector('.h4')).backgroundColor")).toBe('rgb(122, 16, 32)');
    await page.close();
  });

  it.each(['light', 'dark'] as const)('has no accessibility violation in the %s scheme', async (colorScheme) => {
    // axe is a script: only for it the page's policy is set aside.
    const { page } = await open({ colorScheme, bypassCSP: true });
    await page.addScriptTag({ path: createRequire(import.meta.url).resolve('axe-core/axe.min.js') });
    const { violations, passes } = await page.evaluate<AxeResults>('axe.run()');
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
    expect(passes.map(({ id }) => id)).toContain('color-contrast');
    await page.close();
  });

  it('is reached by keys: the skip link, then each table, which arrows scroll', async () => {
    const { page } = await open({ width: 600 });
    const focused = () => page.evaluate("document.activeElement.getAttribute('aria-labelledby') ?? document.activeElement.textContent");
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to the operations');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('operations');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('heat');
    for (let press = 0; press < 5; press++) await page.keyboard.press('ArrowRight');
    await expect.poll(() => page.evaluate<number>('document.activeElement.scrollLeft')).toBeGreaterThan(0);
    await page.close();
  });

  it('never scrolls as a whole, however narrow', async () => {
    const { page } = await open({ width: 320 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
    await page.close();
  });
});
