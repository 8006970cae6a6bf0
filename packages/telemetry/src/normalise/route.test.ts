import { describe, expect, it } from 'vitest';
import { routeOfPath, routePattern, splitUrl } from './route.ts';

describe('routeOfPath', () => {
  it.each([
    ['/orders/123', '/orders/:id'],
    ['/orders/6f1c2a90-7a53-4d6e-9b0a-2c8f3f0f7d11/items/7', '/orders/:id/items/:id'],
    ['/blobs/deadbeef01', '/blobs/:id'],
    ['/users/bob%40example.com', '/users/:id'],
    ['/customers/cus_9s6XKzkNRiz8i3', '/customers/:id'],
    ['/reports/2024-05-01', '/reports/:id'],
    ['/sessions/<redacted:session:0a1b2c3d>', '/sessions/:id'],
    ['/api/v1/orders/', '/api/v1/orders'],
    ['/oauth2/token', '/oauth2/token'],
    ['/products/%E0%A4%A', '/products/%E0%A4%A'],
    ['/', '/'],
  ])('%s is %s', (path, route) => {
    expect(routeOfPath(path)).toBe(route);
  });
});

it.each(['/orders/{id}', '/orders/<id>', '/orders/[id]', '/orders/<int:id>', '/orders/:id/', '/orders/{id:[0-9]+}'])(
  'writes the pattern %s in one way',
  (pattern) => {
    expect(routePattern(pattern)).toBe('/orders/:id');
  },
);

it('splits URLs, absolute or not', () => {
  expect(splitUrl('https://shop.test/a/b?x=1&y=%20#z')).toEqual({ path: '/a/b', query: { x: '1', y: ' ' } });
  expect(splitUrl('/a')).toEqual({ path: '/a' });
  expect(splitUrl('https://shop.test')).toEqual({ path: '/' });
});
