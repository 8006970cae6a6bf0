import type { TestImport } from './test-plan.ts';
import type { TestStyle } from './test-style.ts';

/** How a test watches, or stands in for, a function of the platform with what its runner offers for that, and puts it back. */
export interface Spies {
  readonly imports: readonly TestImport[];
  /** A spy on a member; it does the member's work unless `instead` (source of a function) is given. */
  spy(owner: string, member: string, instead?: string): string;
  /** How often a spy was called, as source. */
  calls(name: string): string;
  restore(name: string): string;
}

/** Spies of vitest and jest; for node:test and mocha those of node:test. */
export function spiesOf({ runner, header, code }: TestStyle): Spies {
  const { quote: q, semicolon: end } = code;
  if (runner === 'vitest' || runner === 'jest') {
    const name = runner === 'vitest' ? 'vi' : 'jest';
    const module = runner === 'vitest' ? 'vitest' : '@jest/globals';
    const isGlobal = runner === 'jest' && !header.some((line) => line.includes(module));
    return {
      imports: isGlobal ? [] : [{ module, name, as: name }],
      spy: (owner, member, instead) =>
        `${name}.spyOn(${owner}, ${q}${member}${q})${instead === undefined ? '' : `.mockImplementation(${instead})`}`,
      calls: (spy) => `${spy}.mock.calls.length`,
      restore: (spy) => `${spy}.mockRestore()${end}`,
    };
  }
  return {
    imports: [{ module: 'node:test', name: 'mock', as: 'mock' }],
    spy: (owner, member, instead) => `mock.method(${owner}, ${q}${member}${q}${instead === undefined ? '' : `, ${instead}`})`,
    calls: (spy) => `${spy}.mock.callCount()`,
    restore: (spy) => `${spy}.mock.restore()${end}`,
  };
}
