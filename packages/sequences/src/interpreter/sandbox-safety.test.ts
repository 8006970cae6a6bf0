import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const FOLDER = new URL('.', import.meta.url);
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));

describe('the interpreter may be loaded in a workflow sandbox', () => {
  test.each(files)('%s imports only its own folder and the error registry, types aside', (name) => {
    const source = readFileSync(new URL(name, FOLDER), 'utf8').replace(/^import type .*$/gm, '');
    const imported = [...source.matchAll(/from '([^']+)'/g)].map(([, module]) => module ?? '');
    for (const module of imported) expect(module).toMatch(/^(?:\.\/[a-z-]+\.ts|@selfheal\/contracts\/errors)$/);
  });

  test.each(files)('%s asks no clock and no chance', (name) => {
    const source = readFileSync(new URL(name, FOLDER), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    expect(source).not.toMatch(
      /Date\.now|new Date\(\)|Math\.random|crypto|setTimeout|setInterval|performance\.|process\.|fetch\(|WeakRef|import\(/,
    );
  });

  test('the error registry imports nothing', () => {
    const registry = readFileSync(new URL(import.meta.resolve('@selfheal/contracts/errors')), 'utf8');
    expect(registry).not.toMatch(/^import /m);
  });
});
