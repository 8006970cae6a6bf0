import { beats, type Diagnosis } from '@selfheal/contracts';
import { errorAnomaly, type FixRig } from './fix-rig.ts';
import { fixGenerateHandlers } from './index.ts';

/** A small repository with one null access, for tests of single beats. */
export const files = {
  'package.json': '{ "name": "users", "scripts": { "test": "node --test" } }',
  'CHANGELOG.md': '# Changelog\n\n## Unreleased\n\n### Added\n\n- Cities\n',
  'lib/users.js': `/** The city of a user. */
function cityOf(user) {
  return user.address.city;
}

module.exports = { cityOf };
`,
  'test/users.test.js':
    "const { test } = require('node:test');\nconst assert = require('node:assert/strict');\nconst { cityOf } = require('../lib/users');\n\ntest('city', () => {\n  assert.equal(cityOf({ address: { city: 'X' } }), 'X');\n});\n",
};

/** The incident of a user without address, diagnosed. */
export async function diagnosed(rig: FixRig): Promise<Diagnosis> {
  return rig.diagnose(
    await errorAnomaly(rig.root, { run: "require('./lib/users').cityOf({})", calls: [{ input: {} }], operation: 'cityOf' }),
  );
}

/** What the first beats hand on. */
export async function loaded(rig: FixRig, diagnosis: Diagnosis, barred: string[] = []) {
  return beats.loadDiagnosis.output.parse(
    await fixGenerateHandlers.loadDiagnosis({ projectId: 'p1', diagnosisId: diagnosis.id, barred }, rig.ports),
  );
}
