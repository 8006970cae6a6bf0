import type { PatchedRepository } from '../patched-repository.ts';

/** A small service in the manner of node:test, ESM. */
export const CALENDAR: PatchedRepository = {
  name: 'calendar (node:test, ESM)',
  runner: 'node:test',
  files: {
    'package.json': JSON.stringify({ name: 'calendar', type: 'module', scripts: { test: 'node --test' }, engines: { node: '>=20' } }),
    'package-lock.json': '{ "lockfileVersion": 3 }\n',
    'node.config.json': '{ "testRunner": {} }\n',
    'tsconfig.json': '{ "compilerOptions": { "checkJs": true } }\n',
    'azure-pipelines.yml': 'trigger: main\n',
    'CHANGELOG.md': '# Changelog\n',
    'README.md': '# Calendar\n',
    'src/days.js': `const DAY_MS = 86_400_000;

/** Whole days from one date to another. */
export function daysBetween(from, to) {
  return Math.floor((to - from) / DAY_MS);
}

export function isWeekend(date) {
  const day = date.getUTCDay();
  return day === 0 || day === 6;
}

export function workdays(from, to) {
  let count = 0;
  for (let at = from.getTime(); at < to.getTime(); at += DAY_MS) {
    if (!isWeekend(new Date(at))) count += 1;
  }
  return count;
}
`,
    'src/agenda.js': `import { readFile } from 'node:fs/promises';
import { daysBetween } from './days.js';

export async function loadAgenda(path) {
  const text = await readFile(path, 'utf8');
  return JSON.parse(text).events.map((event) => ({ ...event, at: new Date(event.at) }));
}

export function nextEvent(events, now) {
  const coming = events.filter((event) => event.at >= now).sort((a, b) => a.at - b.at);
  return coming[0].title;
}

export function reminder(event, now) {
  const days = daysBetween(now, event.at);
  switch (days) {
    case 0:
      return event.title + ' is today';
    case 1:
      return event.title + ' is tomorrow';
    default:
      return event.title + ' is in ' + days + ' days';
  }
}
`,
    'test/days.test.js': `import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { daysBetween, isWeekend, workdays } from '../src/days.js';

test('counts days', () => {
  assert.equal(daysBetween(new Date('2026-01-01'), new Date('2026-01-31')), 30);
});

describe('the week', () => {
  test('has a weekend', () => {
    assert.ok(isWeekend(new Date('2026-01-03')));
    assert.equal(isWeekend(new Date('2026-01-05')), false);
  });

  test('has workdays', () => {
    assert.equal(workdays(new Date('2026-01-01'), new Date('2026-01-08')), 5);
  });
});
`,
    'test/agenda.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextEvent, reminder } from '../src/agenda.js';

const events = [{ title: 'Talk', at: new Date('2026-03-02') }, { title: 'Lunch', at: new Date('2026-03-01') }];

test('finds the next event', () => {
  assert.equal(nextEvent(events, new Date('2026-02-28')), 'Lunch');
});

test('reminds', () => {
  assert.deepEqual(reminder(events[0], new Date('2026-03-01')), 'Talk is tomorrow');
});
`,
  },
  production: ['src/days.js', 'src/agenda.js'],
  tests: ['test/days.test.js', 'test/agenda.test.js'],
  runnerConfig: 'node.config.json',
};
