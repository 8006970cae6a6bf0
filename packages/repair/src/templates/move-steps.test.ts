import { describe, expect, it } from 'vitest';
import { applyEdits } from '../patch/apply-edits.ts';
import { moveSteps } from './move-steps.ts';
import { contextOf, repaired } from './template-rig.ts';

interface Flow {
  readonly text: string;
  readonly declared: string[];
  readonly moved: string[];
  /** Steps in source order, each with text on its line. */
  readonly sites: readonly (readonly [step: string, at: string])[];
}

function moved({ text, declared, moved: movedAll, sites }: Flow): string[] {
  const lineOf = (at: string) => text.slice(0, text.indexOf(at)).split('\n').length;
  const callSites = sites.map(([step, at]) => ({
    step,
    line: lineOf(at),
    endLine: lineOf(at),
    text: text.split('\n')[lineOf(at) - 1]?.trim() ?? '',
  }));
  const [, at = ''] = sites.find(([step]) => step === movedAll[0]) ?? [];
  return repaired(moveSteps, {
    files: { 'flow.js': text },
    at,
    category: 'declared-order-violated',
    type: 'behavioral',
    data: { flow: 'checkout', declared, seen: sites.map(([step]) => step), moved: movedAll[0] ?? '', movedAll, file: 'flow.js', callSites },
  });
}

const body = (lines: string) => `async function checkout(cart, shop) {\n${lines}}\n`;

describe('moveSteps', () => {
  it('moves the early step down or the late one up; blank lines keep their places', () => {
    const text = body('  await validate(cart);\n\n  await charge(cart);\n  await reserve(cart);\n\n  await send(cart);\n');
    const sites = [
      ['validate', 'validate('],
      ['charge', 'charge('],
      ['reserve', 'reserve('],
      ['send', 'send('],
    ] as const;
    const [best] = moved({ text, declared: ['validate', 'reserve', 'charge', 'send'], moved: ['charge'], sites });
    expect(best).toBe(body('  await validate(cart);\n\n  await reserve(cart);\n  await charge(cart);\n\n  await send(cart);\n'));
  });

  it('takes along the comment, the guard and what is needed', () => {
    const text = body(
      '  const paid = await charge(cart);\n  if (!paid) return null;\n\n  const list = shop.list(cart);\n  // Held for an hour.\n  const held = await reserve(list);\n  if (!held) return null;\n  return { paid, held };\n',
    );
    const [best] = moved({
      text,
      declared: ['reserve', 'charge'],
      moved: ['reserve'],
      sites: [
        ['charge', 'charge('],
        ['reserve', 'reserve('],
      ],
    });
    expect(best).toBe(
      body(
        '  const list = shop.list(cart);\n  // Held for an hour.\n  const held = await reserve(list);\n  if (!held) return null;\n\n  const paid = await charge(cart);\n  if (!paid) return null;\n\n  return { paid, held };\n',
      ),
    );
  });

  it('proposes nothing where a step needs what the other makes', () => {
    const text = body('  const paid = await charge(cart);\n  await reserve(paid);\n');
    expect(
      moved({
        text,
        declared: ['reserve', 'charge'],
        moved: ['reserve'],
        sites: [
          ['charge', 'charge('],
          ['reserve', 'reserve('],
        ],
      }),
    ).toEqual([]);
  });

  it('keeps the order in which a value is set and read', () => {
    const text = body('  let total = 0;\n  await charge(cart);\n  total = 5;\n  await reserve(total);\n');
    const [best] = moved({
      text,
      declared: ['reserve', 'charge'],
      moved: ['reserve'],
      sites: [
        ['charge', 'charge('],
        ['reserve', 'reserve('],
      ],
    });
    expect(best).toBe(body('  let total = 0;\n  total = 5;\n  await reserve(total);\n  await charge(cart);\n'));
  });

  it('moves several steps', () => {
    const text = body('  await c(cart);\n  await b(cart);\n  await a(cart);\n');
    const [best] = moved({
      text,
      declared: ['a', 'b', 'c'],
      moved: ['c', 'b'],
      sites: [
        ['c', 'c(cart'],
        ['b', 'b(cart'],
        ['a', ' a(cart'],
      ],
    });
    expect(best).toBe(body('  await a(cart);\n  await b(cart);\n  await c(cart);\n'));
  });

  it('exchanges the entries of a table of steps, whatever the log calls them', () => {
    const text = "const STEPS = [\n  'validate', // first\n  'charge',\n  'reserve',\n];\n";
    const sites = [
      ['order.valid', "'validate'"],
      ['order.charged', "'charge'"],
      ['order.reserved', "'reserve'"],
    ] as const;
    const withTexts = moved({
      text: text.replace(' // first', ''),
      declared: ['order.valid', 'order.reserved', 'order.charged'],
      moved: ['order.charged'],
      sites,
    });
    expect(withTexts[0]).toBe("const STEPS = [\n  'validate',\n  'reserve',\n  'charge',\n];\n");
  });

  it('puts the beats of a document in order and numbers them anew', () => {
    const beat = (number: number, handler: string) => `{ "beat": ${number}, "handler": "${handler}" }`;
    const document = (order: string[]) =>
      `{\n  "movements": [\n    { "id": "m", "beats": [\n      ${order.map((handler, index) => beat(index + 1, handler)).join(',\n      ')}\n    ] }\n  ]\n}\n`;
    const files = { 'flow.json': document(['validate', 'charge', 'reserve']) };
    const context = contextOf({
      files,
      at: '"charge"',
      category: 'declared-order-violated',
      type: 'behavioral',
      data: { flow: 'checkout', declared: ['validate', 'reserve', 'charge'], seen: [], document: true },
    });
    const [best] = moveSteps.propose(context);
    expect(applyEdits(files, best?.edits ?? [])['flow.json']).toBe(document(['validate', 'reserve', 'charge']));
  });
});
