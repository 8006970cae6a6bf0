import { describe, expect, test } from 'vitest';
import { applyEdits } from '../patch/apply-edits.ts';
import { moveSteps } from '../templates/move-steps.ts';
import { analyzeBehavior } from './analyze-behavior.ts';
import { behavioralAnomaly, sampleCode } from './samples-for-tests.ts';

const STEPS = `export async function validateCart(cart) {
  return cart;
}
export async function reserveStock(cart) {
  return cart;
}
export async function chargePayment(cart) {
  await new Promise((done) => setTimeout(done, 20));
  return cart;
}
export async function sendMail(cart) {
  return cart;
}
`;

const EXPECTED = ['validateCart', 'reserveStock', 'chargePayment', 'sendMail'];
const DOCUMENT = (order: string[], more: Record<string, unknown> = {}) =>
  JSON.stringify(
    {
      id: 'checkout',
      movements: [
        {
          id: 'm',
          beats: order.map((handler, index) => ({
            beat: index + 1,
            event: `checkout.${handler}`,
            handler,
            ...(handler === 'chargePayment' ? more : {}),
          })),
        },
      ],
    },
    null,
    2,
  );

function code(body: string, extra: Record<string, string> = {}) {
  return {
    'src/steps.js': STEPS,
    'src/checkout.js': `import { chargePayment, reserveStock, sendMail, validateCart } from './steps.js';\nexport async function checkout(cart, run) {\n${body}}\n`,
    'flows/checkout.json': DOCUMENT(EXPECTED),
    ...extra,
  };
}

function analyze(files: Record<string, string>, parts: Partial<Parameters<typeof behavioralAnomaly>[0]>, meta = {}) {
  const { codebase, sources } = sampleCode(files, meta);
  const issue = analyzeBehavior(
    behavioralAnomaly({ flow: 'checkout', deviation: 'order', expected: EXPECTED, steps: [], seen: EXPECTED, ...parts }),
    codebase,
    sources,
  );
  if (issue === undefined) throw new Error('no analysis');
  return issue;
}

const INLINE = `import express from 'express';
import { chargePayment, reserveStock, sendMail, validateCart } from './steps.js';
const app = express();
app.get('/carts', async (req, res) => {
  await validateCart(req.query);
  res.json([]);
});
app.post('/checkout', async (req, res) => {
  await validateCart(req.body);
  const paid = await chargePayment(req.body);
  if (!paid) return res.status(402).end();
  await reserveStock(req.body);
  await sendMail(req.body);
  res.json(paid);
});
`;

const SWAPPED = ['validateCart', 'chargePayment', 'reserveStock', 'sendMail'];

describe('order', () => {
  test('steps that stand in the callback of a route are told apart, and moved', () => {
    const files = { 'src/steps.js': STEPS, 'src/app.js': INLINE };
    const { codebase, sources } = sampleCode(files);
    const anomaly = behavioralAnomaly({
      flow: 'checkout',
      deviation: 'order',
      expected: EXPECTED,
      steps: ['chargePayment', 'reserveStock'],
      seen: SWAPPED,
    });
    const analysis = analyzeBehavior(anomaly, codebase, sources);
    expect(analysis?.rootCause).toMatchObject({ category: 'declared-order-violated', location: { file: 'src/app.js' } });
    expect(analysis?.data.callSites).toMatchObject([
      { step: 'validateCart', line: 9 },
      { step: 'chargePayment', line: 10 },
      { step: 'reserveStock', line: 12 },
      { step: 'sendMail', line: 13 },
    ]);
    if (!analysis) throw new Error('no analysis');
    const moved = moveSteps.propose({ analysis, codebase, sources }).map(({ edits }) => applyEdits(files, edits)['src/app.js'] ?? '');
    expect(moved[0]).toContain(
      '  await reserveStock(req.body);\n  const paid = await chargePayment(req.body);\n  if (!paid) return res.status(402).end();\n  await sendMail',
    );
  });

  test('a callback of one step stays a part of the call around it', () => {
    const body = EXPECTED.map((step) => `  await run('${step}', async () => {\n    await ${step}(cart);\n  });\n`);
    const [validate, reserve, charge, send] = body;
    const issue = analyze(code([validate, charge, reserve, send].join('')), { seen: SWAPPED, steps: ['chargePayment', 'reserveStock'] });
    expect(issue.data.callSites).toMatchObject([3, 6, 9, 12].map((line) => ({ line, endLine: line + 2 })));
  });

  test('code that calls the steps in the order seen is at fault', () => {
    const files = code('  await validateCart(cart);\n  await chargePayment(cart);\n  await reserveStock(cart);\n  await sendMail(cart);\n');
    const issue = analyze(files, { seen: SWAPPED, steps: ['chargePayment', 'reserveStock'] });
    expect(issue.rootCause).toMatchObject({
      category: 'declared-order-violated',
      location: { file: 'src/checkout.js', function: 'checkout' },
    });
    expect(issue.data).toMatchObject({ declared: EXPECTED, seen: SWAPPED, file: 'src/checkout.js' });
    expect(issue.data.callSites).toMatchObject([
      { step: 'validateCart', line: 3 },
      { step: 'chargePayment', line: 4 },
      { step: 'reserveStock', line: 5 },
      { step: 'sendMail', line: 6 },
    ]);
    expect(['chargePayment', 'reserveStock']).toContain(issue.data.moved);
    expect(issue.rootCause.confidence).toBeGreaterThan(0.7);
  });

  test('steps named by strings, or by the events of the document, are found too', () => {
    const run = (name: string, step: string) => `  await run('${name}', () => ${step}(cart));\n`;
    const named = code(SWAPPED.map((step) => run(step, step)).join(''));
    expect(analyze(named, { seen: SWAPPED }).data.callSites).toHaveLength(4);
    const events = SWAPPED.map((step) => `checkout.${step}`);
    const byEvent = code(SWAPPED.map((step) => `  run.emit('checkout.${step}');\n`).join(''));
    const issue = analyze(byEvent, { seen: events, expected: EXPECTED.map((step) => `checkout.${step}`) });
    expect(issue.rootCause).toMatchObject({ category: 'declared-order-violated', location: { file: 'src/checkout.js' } });
  });

  test('a table of steps is code too', () => {
    const files = {
      'src/steps.js': `${STEPS}export const table = [validateCart, chargePayment, reserveStock, sendMail];\n`,
      'flows/checkout.json': DOCUMENT(EXPECTED),
    };
    const issue = analyze(files, { seen: SWAPPED });
    expect(issue.rootCause).toMatchObject({ category: 'declared-order-violated', location: { file: 'src/steps.js', line: 14 } });
  });

  test('a step that is not awaited is at fault where the code has the right order', () => {
    const files = code(
      "  await run('validateCart', () => validateCart(cart));\n  await run('reserveStock', () => reserveStock(cart));\n  run('chargePayment', () => chargePayment(cart));\n  await run('sendMail', () => sendMail(cart));\n",
    );
    const issue = analyze(files, {
      seen: ['validateCart', 'reserveStock', 'sendMail', 'chargePayment'],
      steps: ['chargePayment', 'sendMail'],
    });
    expect(issue.rootCause).toMatchObject({ category: 'missing-await', location: { file: 'src/checkout.js', line: 5 } });
  });

  test('the document is at fault where the newest commit changed it and the code follows it', () => {
    const files = {
      'src/walk.js': 'export async function walk(flow, handlers) {\n  for (const beat of flow.beats) await handlers[beat.handler]();\n}\n',
      'flows/checkout.json': DOCUMENT(SWAPPED),
    };
    const history = [{ sha: 'bbbbbbbb', at: 2, author: 'B', subject: 'Charge first', files: ['flows/checkout.json'], tags: [] }];
    const issue = analyze(files, { seen: SWAPPED, expectedFrom: 'learned' }, { history });
    expect(issue.rootCause).toMatchObject({ category: 'declared-order-violated', location: { file: 'flows/checkout.json' } });
    expect(issue.data).toMatchObject({ document: true, declared: EXPECTED });
    expect(issue.rootCause.location.line).toBeGreaterThan(5);
  });

  test('a flow that no code and no document names makes it abstain', () => {
    const issue = analyze({ 'a.js': 'export const a = 1;\n' }, { seen: SWAPPED });
    expect(issue.abstain).toMatch(/names the steps/);
  });
});

describe('missing and extra steps', () => {
  test('a step that the code never calls belongs after the one before it', () => {
    const issue = analyze(code('  await validateCart(cart);\n  await chargePayment(cart);\n  await sendMail(cart);\n'), {
      deviation: 'missing',
      seen: ['validateCart', 'chargePayment', 'sendMail'],
      steps: ['reserveStock'],
    });
    expect(issue.rootCause).toMatchObject({ category: 'missing-step', location: { line: 3 } });
    expect(issue.data).toMatchObject({
      step: 'reserveStock',
      after: 'validateCart',
      before: 'chargePayment',
      called: false,
      handler: 'reserveStock',
    });
  });

  test('a step behind a condition names the condition', () => {
    const issue = analyze(
      code(
        '  await validateCart(cart);\n  if (cart.total > 100) {\n    await reserveStock(cart);\n  }\n  await chargePayment(cart);\n  await sendMail(cart);\n',
      ),
      {
        deviation: 'missing',
        seen: ['validateCart', 'chargePayment', 'sendMail'],
        steps: ['reserveStock'],
      },
    );
    expect(issue.rootCause).toMatchObject({ category: 'missing-step', expression: 'cart.total > 100' });
  });

  test('a step after an early return names the condition of the return', () => {
    const issue = analyze(
      code(
        '  await validateCart(cart);\n  await reserveStock(cart);\n  if (cart.free) return;\n  await chargePayment(cart);\n  await sendMail(cart);\n',
      ),
      {
        deviation: 'missing',
        seen: ['validateCart', 'reserveStock'],
        steps: ['chargePayment'],
      },
    );
    expect(issue.data.condition).toBe('not (cart.free)');
  });

  test('a step that the document lost, while earlier runs had it, belongs back there', () => {
    const files = {
      'src/walk.js': 'export const walk = (flow) => flow;\n',
      'flows/checkout.json': DOCUMENT(EXPECTED.filter((step) => step !== 'reserveStock')),
    };
    const history = [{ sha: 'bbbbbbbb', at: 2, author: 'B', subject: 'Shorten', files: ['flows/checkout.json'], tags: [] }];
    const issue = analyze(
      files,
      { deviation: 'missing', expectedFrom: 'learned', seen: ['validateCart', 'chargePayment', 'sendMail'], steps: ['reserveStock'] },
      { history },
    );
    expect(issue.rootCause).toMatchObject({ category: 'missing-step', location: { file: 'flows/checkout.json', line: 7 } });
    expect(issue.data).toMatchObject({ document: true, step: 'reserveStock' });
  });

  test.each([
    ['try {\n    await validateCart(cart);\n  } catch {\n    await reserveStock(cart);\n  }', 'an error was caught'],
    ["switch (cart.kind) {\n    case 'a':\n      await reserveStock(cart);\n  }", "'a'"],
  ])('a step within %j names why it is skipped', (statement, condition) => {
    const issue = analyze(code(`  ${statement}\n  await chargePayment(cart);\n  await sendMail(cart);\n`), {
      deviation: 'missing',
      seen: ['chargePayment', 'sendMail'],
      steps: ['reserveStock'],
    });
    expect(issue.data.condition).toBe(condition);
  });

  test('a step that is retried in a loop is extra where the loop calls it', () => {
    const issue = analyze(
      code(
        '  await validateCart(cart);\n  for (const one of cart.lines) await reserveStock(one);\n  await chargePayment(cart);\n  await sendMail(cart);\n',
      ),
      {
        deviation: 'extra',
        seen: ['validateCart', 'reserveStock', 'reserveStock', 'chargePayment', 'sendMail'],
        steps: ['reserveStock'],
      },
    );
    expect(issue.rootCause).toMatchObject({ category: 'extra-step', location: { line: 4 } });
    expect(issue.data.looped).toBe(true);
  });

  test('a flow whose code explains nothing keeps that code for a search', () => {
    const issue = analyze(
      code('  await validateCart(cart);\n  await reserveStock(cart);\n  await chargePayment(cart);\n  await sendMail(cart);\n'),
      { deviation: 'order', seen: SWAPPED },
    );
    expect(issue.rootCause).toMatchObject({ category: 'unknown', location: { file: 'src/checkout.js', function: 'checkout' } });
    expect(issue.rootCause.confidence).toBeLessThan(0.7);
  });

  test('a step called once too often is extra at its later place', () => {
    const issue = analyze(
      code(
        '  await validateCart(cart);\n  await reserveStock(cart);\n  await chargePayment(cart);\n  await sendMail(cart);\n  await sendMail(cart);\n',
      ),
      {
        deviation: 'extra',
        seen: [...EXPECTED, 'sendMail'],
        steps: ['sendMail'],
      },
    );
    expect(issue.rootCause).toMatchObject({ category: 'extra-step', location: { line: 7 } });
  });
});

describe('waiting and stuck', () => {
  const body =
    '  await validateCart(cart);\n  await reserveStock(cart);\n  await new Promise((done) => setTimeout(done, 400));\n  await chargePayment(cart);\n  await sendMail(cart);\n';

  test('the pause as long as the wait that was seen is the cause', () => {
    const issue = analyze(code(body), { deviation: 'waiting', waitMs: 405, steps: ['chargePayment'] });
    expect(issue.rootCause).toMatchObject({ category: 'unexplained-wait', location: { file: 'src/checkout.js', line: 5 } });
    expect(issue.data).toMatchObject({ waitLine: 5, ms: 400 });
  });

  test('a timing that the document declares is the cause where the code has no pause', () => {
    const files = code(
      '  await validateCart(cart);\n  await reserveStock(cart);\n  await chargePayment(cart);\n  await sendMail(cart);\n',
      {
        'flows/checkout.json': DOCUMENT(EXPECTED, { timing: 'after-beat' }),
      },
    );
    const history = [{ sha: 'bbbbbbbb', at: 2, author: 'B', subject: 'Slow down', files: ['flows/checkout.json'], tags: [] }];
    const issue = analyze(files, { deviation: 'waiting', waitMs: 500, steps: ['chargePayment'] }, { history });
    expect(issue.rootCause).toMatchObject({ category: 'wrong-timing', location: { file: 'flows/checkout.json' } });
    expect(issue.data).toMatchObject({ ms: 500, timing: 'after-beat', step: 'chargePayment' });
  });

  test('a step that never ends because nobody awaits it is a missing await', () => {
    const issue = analyze(code('  await validateCart(cart);\n  await reserveStock(cart);\n  chargePayment(cart);\n'), {
      deviation: 'stuck',
      seen: ['validateCart', 'reserveStock', 'chargePayment'],
      steps: ['chargePayment'],
    });
    expect(issue.rootCause).toMatchObject({ category: 'missing-await', expression: 'chargePayment(cart)' });
  });
});
