import { describe, expect, test } from 'vitest';
import { allBeats } from './interpreter/all-beats.ts';
import { interpret } from './interpreter/interpret.ts';
import { checkPlans, linkPlans } from './plans.ts';
import { choice, own, planOf, recorded } from './testing/sequence-rig.ts';

const calling = (id: string, ...children: string[]) =>
  planOf({ ...own([{ handler: 'a' }, ...children.map((sequence) => ({ sequence }))]), id }, { file: `${id}.json` });

describe('checkPlans', () => {
  test('children that exist and do not come back are fine', () => {
    expect(checkPlans([calling('a', 'b', 'c'), calling('b', 'c'), calling('c')])).toEqual([]);
  });

  test('an unknown child is at its beat, with the nearest id', () => {
    expect(checkPlans([calling('a', 'billng'), calling('billing')])).toMatchObject([
      { severity: 'error', code: 'SEQUENCE_UNKNOWN', file: 'a.json', line: expect.any(Number), path: 'billng', nearest: 'billing' },
    ]);
  });

  test('a circle is named, wherever the call stands', () => {
    const nested = planOf(
      { ...own([{ forEach: [1], beats: [choice({ field: '$.item' }, [{ sequence: 'a' }])] }]), id: 'c' },
      { file: 'c.json' },
    );
    expect(checkPlans([calling('x', 'a'), calling('a', 'b'), calling('b', 'c'), nested])).toMatchObject([
      { code: 'SEQUENCE_CYCLE', message: expect.stringContaining('a → b → c → a') },
    ]);
    expect(checkPlans([calling('self', 'self')])).toMatchObject([{ message: expect.stringContaining('self → self') }]);
  });
});

test('a linked plan carries all it calls, and runs alone', async () => {
  const [a, b, c] = [calling('a', 'b'), calling('b', 'c'), calling('c')];
  const linked = linkPlans(a, [a, b, c, calling('d')]);
  expect(Object.keys(linked.children ?? {})).toEqual(['b', 'c']);
  expect(linkPlans(c, [a, b, c])).toBe(c);
  const rig = recorded({ handlers: { a: () => 1 } });
  await interpret(JSON.parse(JSON.stringify(linked)), {}, rig.runtime);
  expect(rig.calls).toEqual(['a', 'a', 'a']);
});

test('all beats of a plan, nested ones too', () => {
  const beats = [
    choice({ field: '$.input' }, [{ id: '1', handler: 'a' }], [{ id: '2', handler: 'a' }]),
    { parallel: [[{ id: '3', handler: 'a' }], { id: '4', handler: 'a' }] },
    { graph: [{ id: '5', beat: { handler: 'a' } }] },
    { forEach: [1], beats: [{ id: '6', handler: 'a' }] },
  ];
  expect(allBeats(planOf(own(beats))).map(({ id }) => id)).toEqual(['if', '1', '2', 'parallel', '3', '4', 'graph', '5', 'forEach', '6']);
});
