import { describe, expect, test } from 'vitest';
import { analyzeError } from './analyze-error.ts';
import { errorAnomaly, frame, lineWith, sampleCode } from './samples-for-tests.ts';

function analyze(files: Record<string, string>, parts: Parameters<typeof errorAnomaly>[0]) {
  const { codebase, sources } = sampleCode(files);
  const issue = analyzeError(errorAnomaly(parts), codebase, sources);
  if (issue === undefined) throw new Error('no analysis');
  return issue;
}

const LABEL = `export function shippingLabel(order) {
  const [shipTo] = order.addresses.filter((one) => one.kind === 'shipping');
  return {
    orderId: order.orderId,
    country: shipTo.country,
  };
}
`;

describe('hostile and useless telemetry', () => {
  const files = {
    'src/label.js': LABEL,
    'test/label.test.js': 'const a = undefined;\na.country;\n',
    'vite.config.js': 'const a = undefined;\na.country;\n',
    '.github/workflows/ci.js': 'a.country;\n',
    'node_modules/x/index.js': 'a.country;\n',
  };

  test.each([
    'package.json',
    'test/label.test.js',
    'vite.config.js',
    '.github/workflows/ci.js',
    'node_modules/x/index.js',
    '../../etc/passwd',
    '/etc/passwd.js',
    'src/../package.json',
  ])('a frame in %s never becomes a location', (path) => {
    const issue = analyze(files, { message: "Cannot read properties of undefined (reading 'country')", frames: [frame(path, 2, 'evil')] });
    expect(issue.abstain).toMatch(/not in a source file/);
    expect([issue.rootCause, ...issue.alternatives].map((one) => one.location.file)).toEqual(['']);
  });

  test('a forged frame before a genuine one is passed over', () => {
    const issue = analyze(files, {
      message: "Cannot read properties of undefined (reading 'country')",
      frames: [frame('package.json', 1, 'scripts'), frame('src/label.js', lineWith(LABEL, 'shipTo.country'), 'shippingLabel')],
    });
    expect(issue.rootCause.location).toMatchObject({ file: 'src/label.js', line: 5 });
  });

  test('a frame whose function is not there is trusted less', () => {
    const parts = { message: "Cannot read properties of undefined (reading 'country')" };
    const genuine = analyze(files, { ...parts, frames: [frame('src/label.js', 5, 'shippingLabel')] });
    const forged = analyze(files, { ...parts, frames: [frame('src/label.js', 5, 'deleteEverything')] });
    expect(forged.rootCause.confidence).toBeLessThan(genuine.rootCause.confidence - 0.2);
  });

  test('without frames and operation it abstains', () => {
    const issue = analyze(files, { message: "Cannot read properties of undefined (reading 'country')" });
    expect(issue.abstain).toMatch(/no in-app frame/);
    expect(issue.rootCause.confidence).toBe(0);
  });

  test('equal places without a stack are ambiguous', () => {
    const two = {
      'a.js':
        "exports.routes = (app) => {\n  app.get('/a', (req) => ({ one: pick(req).zip, two: find(req).zip, three: load(req).zip }));\n};\nfunction pick() {}\nfunction find() {}\nfunction load() {}\n",
    };
    const issue = analyze(two, { message: "Cannot read properties of undefined (reading 'zip')", operation: 'GET /a' });
    expect(issue.abstain).toMatch(/ambiguous/);
  });
});
