import { expect, it } from 'vitest';
import { TemplateMiner } from './miner.ts';
import { templateOfEvent } from './template-of-event.ts';

it('rebuilds the template from a text and what the miner says varies in it', () => {
  const miner = new TemplateMiner();
  for (const name of ['alice', 'bob', 'carol']) miner.mine(`sent mail to ${name} in the evening`);
  const text = 'sent mail to dave in the evening';
  expect(templateOfEvent(text, miner.mine(text).variables)).toBe('sent mail to <*> in the evening');
});

it('leaves a text whole whose variables are not in it', () => {
  expect(templateOfEvent('as  it was', ['', 'absent'])).toBe('as it was');
});
