import { describe, expect, it } from 'vitest';
import { handleRejection } from './handle-rejection.ts';
import { repaired } from './template-rig.ts';

const of = (text: string) => repaired(handleRejection, { files: { 'a.js': text }, at: 'notify(', category: 'unhandled-rejection' });

describe('handleRejection', () => {
  it('logs the failure with the logger that is at hand', () => {
    expect(of('function f(order, log) {\n  notify(order);\n  return order;\n}\n')).toEqual([
      "function f(order, log) {\n  notify(order).catch((error) => log.error(error, 'notify failed'));\n  return order;\n}\n",
    ]);
    expect(of('function f(order) {\n  notify(order);\n  return order;\n}\n')[0]).toContain(
      "notify(order).catch((error) => console.error('notify failed', error));",
    );
  });

  it('hands the promise of a last statement to the caller', () => {
    expect(of('function f(order) {\n  notify(order);\n}\n')).toContain('function f(order) {\n  return notify(order);\n}\n');
  });
});
