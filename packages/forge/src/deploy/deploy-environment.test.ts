import { delimiter, dirname } from 'node:path';
import { expect, it } from 'vitest';
import { deployEnvironment } from './deploy-environment.ts';

it('passes on who and where we are, what is meant for deploys, and what is listed; nothing else', () => {
  const from = {
    PATH: ['/usr/bin', dirname(process.execPath), '/bin'].join(delimiter),
    HOME: '/home/me',
    AWS_SECRET_ACCESS_KEY: 'secret',
    KUBECONFIG: '/k',
    SELFHEAL_DEPLOY_TARGET: 'blue',
    NODE_OPTIONS: '--inspect',
  };
  expect(deployEnvironment(from, ['KUBECONFIG', 'ABSENT'], { SELFHEAL_DEPLOY_KEY: 'k', SELFHEAL_COMMIT: 'c' })).toEqual({
    PATH: [dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter),
    HOME: '/home/me',
    KUBECONFIG: '/k',
    SELFHEAL_DEPLOY_TARGET: 'blue',
    SELFHEAL_DEPLOY_KEY: 'k',
    SELFHEAL_COMMIT: 'c',
  });
});
