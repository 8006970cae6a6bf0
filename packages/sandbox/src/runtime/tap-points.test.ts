import { describe, expect, it } from 'vitest';
import { readPoints } from './tap-points.mjs';

/** As node-tap 21 prints it. */
const MODERN = `TAP version 14
# Subtest: suite
    # Subtest: inner
        ok 1 - one is one
        1..1
    ok 1 - inner # time=3.086ms
    
    # Subtest: bad
        not ok 1 - one is two
          ---
          compare: ===
          at:
            fileName: test/a.test.js
          stack: |
            Test.<anonymous> (test/a.test.js:4:32)
          diff: |
            --- expected
            +++ actual
            @@ -1,1 +1,1 @@
            -2
            +1
          ...
        
        1..1
    not ok 2 - bad # time=13.415ms
      ---
      at:
        fileName: test/a.test.js
      ...
    
    1..2
not ok 1 - suite # time=20.835ms

ok 2 - skipped # SKIP
printed by the code under test
ok 3 - top level \\# 1
1..3
# { total: 4, pass: 2, fail: 1, skip: 1 }
# time=36.304ms
`;

describe('readPoints', () => {
  it('reads subtests, directives, times and diagnostics', () => {
    const { points, planned } = readPoints(MODERN);
    expect(planned).toBe(3);
    expect(points).toMatchObject([
      {
        ok: false,
        name: 'suite',
        points: [
          { ok: true, name: 'inner', ms: 3.086, points: [{ ok: true, name: 'one is one' }] },
          { ok: false, name: 'bad', points: [{ ok: false, name: 'one is two' }] },
        ],
      },
      { ok: true, name: 'skipped', skipped: true },
      { ok: true, name: 'top level # 1' },
    ]);
    expect(points[0]?.points?.[1]?.points?.[0]?.yaml).toContain('  Test.<anonymous> (test/a.test.js:4:32)');
  });

  it('reads buffered subtests', () => {
    const { points } = readPoints(
      'ok 1 - a # time=1s {\n    ok 1 - b # TODO later\n    1..1\n}\n\nnot ok 2 - c {\n    not ok 1 - d\n    1..1\n}\n1..2\n',
    );
    expect(points).toMatchObject([
      { ok: true, name: 'a', ms: 1000, points: [{ name: 'b', skipped: true }] },
      { ok: false, name: 'c', points: [{ ok: false, name: 'd' }] },
    ]);
  });

  it('tells a plan that is missing and a bail out', () => {
    expect(readPoints('TAP version 14\nok 1 - a\n')).toMatchObject({ points: [{ ok: true }], planned: undefined, bailed: undefined });
    expect(readPoints('Bail out! no database\n').bailed).toBe('Bail out! no database');
  });
});
