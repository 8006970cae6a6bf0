import { describe, expect, it } from 'vitest';
import { dropWait } from './drop-wait.ts';
import { insertStep } from './insert-step.ts';
import { removeStep } from './remove-step.ts';
import { type Fault, repaired } from './template-rig.ts';

const body = (lines: string) => `async function checkout(cart, shop) {\n${lines}}\n`;
const behavioral = (text: string, at: string, category: string, data: Fault['data']): Fault => ({
  files: { 'flow.js': text },
  at,
  category,
  type: 'behavioral',
  data: { flow: 'checkout', ...data },
});

describe('removeStep', () => {
  it('takes out the surplus statement with its comment', () => {
    const text = body('  await reserve(cart);\n  // again, to be sure\n  await reserve(cart); \n  await send(cart);\n').replace(
      '); \n',
      ');\n',
    );
    const second = text.replace('await reserve', 'await RESERVE');
    const [best] = repaired(removeStep, behavioral(second, 'await reserve', 'extra-step', { step: 'reserve' }));
    expect(best).toBe(body('  await RESERVE(cart);\n  await send(cart);\n'));
  });

  it('keeps a statement whose result is used', () => {
    const text = body('  const held = await reserve(cart);\n  return held;\n');
    expect(repaired(removeStep, behavioral(text, 'await reserve', 'extra-step', { step: 'reserve' }))).toEqual([]);
  });

  it('takes an entry out of a table', () => {
    const text = "const STEPS = ['validate',\n  'reserve', 'send'];\n";
    expect(repaired(removeStep, behavioral(text, "'reserve'", 'extra-step', { step: 'reserve' }))).toEqual([
      "const STEPS = ['validate', 'send'];\n",
    ]);
  });

  it('moves what runs for each item behind the loop', () => {
    const text = body('  for (const line of cart.lines) {\n    await pack(line);\n    await send(cart);\n  }\n');
    const [best] = repaired(removeStep, behavioral(text, 'await send', 'extra-step', { step: 'send', looped: true }));
    expect(best).toBe(body('  for (const line of cart.lines) {\n    await pack(line);\n  }\n  await send(cart);\n'));
  });
});

describe('dropWait', () => {
  it.each([
    ['  await new Promise((resolve) => setTimeout(resolve, 500));\n', ''],
    ['  await sleep(500);\n', ''],
    ['  setTimeout(() => shop.notify(cart), 500);\n', '  shop.notify(cart);\n'],
    ['  const seen = await pause(500);\n  return seen;\n', '  const seen = await pause(0);\n  return seen;\n'],
  ])('%j becomes %j', (before, after) => {
    const text = body(`  await charge(cart);\n${before}`);
    const [best] = repaired(dropWait, behavioral(text, before.trim().slice(0, 12), 'unexplained-wait', { ms: 500 }));
    expect(best).toBe(body(`  await charge(cart);\n${after}`));
  });

  it('declares the usual timing, or no wait', () => {
    const beats = (timing: string) =>
      `{ "beats": [\n  { "handler": "a", "timing": "immediate" },\n  { "handler": "b", "timing": "${timing}" }\n] }\n`;
    const slow = {
      ...behavioral('', '', 'wrong-timing', { step: 'b', timing: 'after-beat' }),
      files: { 'flow.json': beats('after-beat') },
      at: '"b"',
    };
    expect(repaired(dropWait, slow)).toEqual([beats('immediate')]);
    const wait = {
      ...behavioral('', '', 'wrong-timing', { step: 'b' }),
      files: { 'flow.json': '{ "beats": [{ "handler": "b", "waitMs": 900 }] }\n' },
      at: '"b"',
    };
    expect(repaired(dropWait, wait)).toEqual(['{ "beats": [{ "handler": "b" }] }\n']);
  });
});

describe('insertStep', () => {
  const steps = 'async function validate(cart) { return cart; }\nasync function reserve(cart, amount) { return [cart, amount]; }\n';

  it('calls the step as its neighbour is called, with what is at hand', () => {
    const text = `${steps}${body("  const amount = cart.total;\n  const ok = await run(log, 'validate', () => validate(cart));\n")}`;
    const at = "const ok = await run(log, 'validate'";
    const [best] = repaired(insertStep, behavioral(text, at, 'missing-step', { step: 'reserve', called: false, after: 'validate' }));
    expect(best).toContain("() => validate(cart));\n  await run(log, 'reserve', () => reserve(cart, amount));\n");
  });

  it('proposes nothing where an argument is not to be had', () => {
    const text = `${steps}${body('  await validate(cart);\n')}`;
    expect(
      repaired(insertStep, behavioral(text, '  await validate', 'missing-step', { step: 'reserve', called: false, after: 'validate' })),
    ).toEqual([]);
  });

  it('adds the entry to a table, before its successor', () => {
    const text = "const STEPS = ['validate', 'send'];\n";
    const fault = {
      ...behavioral(text, "'send'", 'missing-step', { step: 'reserve', called: false, before: 'send' }),
      expression: "'send'",
    };
    expect(repaired(insertStep, fault)).toContain("const STEPS = ['validate', 'reserve', 'send'];\n");
  });

  it('takes away the condition, or the early return, that skips it', () => {
    const guarded = body('  if (cart.late) {\n    await reserve(cart);\n  }\n');
    expect(
      repaired(insertStep, {
        ...behavioral(guarded, 'cart.late', 'missing-step', { step: 'reserve', called: true }),
        expression: 'cart.late',
      }),
    ).toEqual([body('  await reserve(cart);\n')]);
    const left = body('  if (cart.late) return;\n  await reserve(cart);\n');
    expect(
      repaired(insertStep, {
        ...behavioral(left, 'cart.late', 'missing-step', { step: 'reserve', called: true }),
        expression: 'cart.late',
      }),
    ).toEqual([body('  await reserve(cart);\n')]);
  });
});
