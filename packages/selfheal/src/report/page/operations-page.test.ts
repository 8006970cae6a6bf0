import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hostileReport } from '../../../test/operations.ts';
import { escapeHtml, printable } from './escape.ts';
import { HEAT_LEVELS, heatLevel } from './heat-levels.ts';
import { operationsPage } from './operations-page.ts';

describe('the page', () => {
  const page = operationsPage(hostileReport());

  it('allows its own style and nothing else', () => {
    const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1]?.replaceAll('&#39;', "'");
    expect(policy).toBe(`default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`);
    const tags = page.match(/<[^>]+>/g)?.join('\n') ?? '';
    expect(tags).not.toMatch(/<script|<img|<iframe|<link|javascript:|\son\w+=|\sstyle=|https?:/i);
  });

  it('holds the text of the telemetry as text', () => {
    expect(page.slice(page.indexOf('<body>'))).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).toContain('&quot;&gt;&lt;img src=x onerror=alert(2)&gt;');
    expect(page).toContain('\\u202e');
    expect(page).not.toMatch(/[\u202a-\u202e\u2066-\u2069]|[^\P{Cc}\n]/u);
  });

  it('says in words what it says in colours', () => {
    for (const { words } of HEAT_LEVELS) expect(page).toContain(words);
    expect(page).toContain('<span class="unseen"> four times as slow: 95th percentile 500 ms, 12 calls</span>');
    expect(page).toContain('<span class="unseen"> no timed call</span>');
    expect(page).toContain('partly, 2 lines are not');
  });

  it('stays whole without any operation', () => {
    const empty = operationsPage({
      ...hostileReport(),
      window: undefined,
      operations: [],
      columns: [],
      notes: ['no telemetry is stored so far'],
    });
    expect(empty).toContain('No operation was seen.');
    expect(empty).toContain('no telemetry is stored so far');
  });
});

describe('text', () => {
  it.each([
    ['a<b> & "c" \'d\'', 'a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;'],
    ['\u001b[31mred\u0000', '\\u001b[31mred\\u0000'],
    ['two\nlines\tand a tab', 'two lines and a tab'],
    ['\u202eevil\u2066', '\\u202eevil\\u2066'],
    ['half a pair \ud83d', 'half a pair \ufffd'],
    ['grüße 你好 🎉', 'grüße 你好 🎉'],
  ])('%j becomes %j', (text, expected) => {
    expect(escapeHtml(text)).toBe(expected);
  });

  it('is the same for a terminal, but for entities', () => {
    expect(printable('<b>\u001b]0;title\u0007')).toBe('<b>\\u001b]0;title\\u0007');
  });
});

it.each([
  [0, 0],
  [1.24, 0],
  [1.25, 1],
  [2, 2],
  [7.9, 3],
  [8, 4],
  [1e9, 4],
  [Number.NaN, 0],
])('a ratio of %d has level %d', (ratio, level) => {
  expect(heatLevel(ratio)).toBe(level);
});
