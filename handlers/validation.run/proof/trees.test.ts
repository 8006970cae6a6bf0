import { expect, test } from 'vitest';
import { applyPatch } from '../applyPatch.ts';
import { GUARD, LABEL_AT, LABEL_TEST, SHOP } from '../shop-files.ts';
import { validationRig } from '../validation-rig.ts';
import { checkoutBase, checkoutHead, runnerOf } from './trees.ts';

test('the base has the new test only; the head never has other tests or another configuration', async () => {
  await using rig = await validationRig(SHOP);
  const weakened = { file: 'test/slow.test.js', search: '[1, 2]);', replace: '[1, 2]); // weaker' };
  const script = { file: 'package.json', search: 'node --test', replace: 'true || node --test' };
  const patch = await rig.store({ code: [GUARD, weakened, script], test: LABEL_TEST, at: LABEL_AT });
  const codebase = await rig.codebase();
  const { trees } = await applyPatch(
    { projectId: 'p1', patch, diagnosis: await rig.ports.records.need('diagnosis', 'd1'), codebase },
    rig.ports,
  );
  const both = { base: trees.base, head: trees.head ?? '' };

  await using base = await checkoutBase(rig.ports.sandbox, patch, both);
  expect(await base.read(LABEL_TEST.file)).toBe(LABEL_TEST.text);
  expect(await base.read('src/orders.js')).toBe(SHOP['src/orders.js']);

  await using head = await checkoutHead(rig.ports.sandbox, patch, both, runnerOf(codebase, patch));
  expect(await head.read(LABEL_TEST.file)).toBe(LABEL_TEST.text);
  expect(await head.read('src/orders.js')).toContain('order.customer == null');
  expect(await head.read('test/slow.test.js')).toBe(SHOP['test/slow.test.js']);
  expect(await head.read('package.json')).toBe(SHOP['package.json']);
});

test('a copy that the test does not fit is not left behind', async () => {
  await using rig = await validationRig({ ...SHOP, [LABEL_TEST.file]: 'there already' });
  const patch = await rig.store({ code: [GUARD], test: LABEL_TEST, at: LABEL_AT });
  await expect(checkoutBase(rig.ports.sandbox, patch, { base: rig.base, head: rig.base })).rejects.toMatchObject({
    code: 'PATCH_CONFLICT',
  });
});

test('a repository without tests is run by the runner of the new one', async () => {
  await using rig = await validationRig(SHOP);
  const patch = await rig.store({ code: [GUARD], test: LABEL_TEST, at: LABEL_AT });
  const { runner: _, ...without } = await rig.codebase();
  expect(runnerOf(without, patch)).toEqual({ name: 'node:test', command: 'node --test', testFiles: [LABEL_TEST.file] });
});
