import type { PatchedRepository } from '../patched-repository.ts';

/** A small service in the manner of jest, CommonJS. */
export const PARCELS: PatchedRepository = {
  name: 'parcels (jest, CommonJS)',
  runner: 'jest',
  files: {
    'package.json': JSON.stringify({
      name: 'parcels',
      scripts: { test: 'jest --ci' },
      dependencies: { express: '^5' },
      devDependencies: { jest: '^30', supertest: '^7' },
    }),
    'yarn.lock': '# yarn lockfile v1\n',
    'jest.config.js': 'module.exports = { coverageThreshold: { global: { lines: 80 } } };\n',
    '.eslintrc.json': '{ "rules": { "no-unused-vars": "error" } }\n',
    '.gitlab-ci.yml': 'test:\n  script: yarn test\n',
    'CHANGELOG.md': '# 1.2.0\n\n- Rates by zone\n',
    'README.md': '# Parcels\n',
    'lib/rates.js': `const ZONES = { near: 1, far: 2.5 };

/**
 * Price of a parcel.
 * @param {{ weight: number, zone: string, insured?: boolean }} parcel weight in kilograms
 */
function price(parcel) {
  const factor = ZONES[parcel.zone];
  let cents = Math.ceil(parcel.weight) * 300 * factor;
  if (parcel.insured) {
    cents += 250;
  }
  return Math.round(cents);
}

function cheapest(parcels) {
  return parcels.reduce((best, parcel) => (price(parcel) < price(best) ? parcel : best));
}

module.exports = { price, cheapest, ZONES };
`,
    'lib/track.js': `const { EventEmitter } = require('node:events');

class Tracker extends EventEmitter {
  constructor(carrier) {
    super();
    this.carrier = carrier;
    this.seen = new Map();
  }

  async refresh(id) {
    const state = await this.carrier.stateOf(id);
    const before = this.seen.get(id);
    if (before !== state) {
      this.seen.set(id, state);
      this.emit('moved', { id, from: before, to: state });
    }
    return state;
  }

  count(state) {
    let found = 0;
    for (const one of this.seen.values()) if (one === state) found++;
    return found;
  }
}

module.exports = { Tracker };
`,
    '__tests__/rates.test.js': `const { cheapest, price } = require('../lib/rates');

describe('price', () => {
  test('goes by weight and zone', () => {
    expect(price({ weight: 1.2, zone: 'near' })).toBe(600);
    expect(price({ weight: 2, zone: 'far' })).toBe(1500);
  });

  test('includes the insurance', () => {
    expect(price({ weight: 1, zone: 'near', insured: true })).toBe(550);
  });
});

test('finds the cheapest', () => {
  const small = { weight: 1, zone: 'near' };
  expect(cheapest([{ weight: 9, zone: 'far' }, small])).toBe(small);
});
`,
    '__tests__/track.test.js': `const { Tracker } = require('../lib/track');

test('tells when a parcel moved', async () => {
  const tracker = new Tracker({ stateOf: async () => 'depot' });
  const moved = jest.fn();
  tracker.on('moved', moved);
  await tracker.refresh('p1');
  await tracker.refresh('p1');
  expect(moved).toHaveBeenCalledTimes(1);
  expect(tracker.count('depot')).toEqual(1);
});
`,
  },
  production: ['lib/rates.js', 'lib/track.js'],
  tests: ['__tests__/rates.test.js', '__tests__/track.test.js'],
  runnerConfig: 'jest.config.js',
};
