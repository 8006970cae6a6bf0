import { mulberry32 } from './secret-samples.ts';

/** Lines of services as they write them without a secret: ids, hashes, paths, stacks, words that sound like secrets. Seeded. */
export function ordinaryLines(seed: number, count: number): string[] {
  const next = mulberry32(seed);
  const hex = (length: number): string => Array.from({ length }, () => Math.floor(next() * 16).toString(16)).join('');
  const number = (most: number): number => Math.floor(next() * most);
  const uuid = (): string => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
  const makers: readonly (() => string)[] = [
    () =>
      `{"level":30,"time":${1_714_557_600_000 + number(1e9)},"pid":${number(1e5)},"hostname":"web-${number(9)}","reqId":"${uuid()}","msg":"request completed","responseTime":${number(900)}}`,
    () =>
      `{"timestamp":"2024-05-01T10:00:${10 + number(49)}.123Z","level":"info","message":"cache miss","cacheKey":"user:${number(1e6)}:profile","traceId":"${hex(32)}","spanId":"${hex(16)}"}`,
    () => `10.0.${number(255)}.${number(255)} - - [01/May/2024:10:00:00 +0000] "GET /assets/app.${hex(20)}.js HTTP/1.1" 200 ${number(1e6)}`,
    () =>
      `2024-05-01 10:00:00,${100 + number(899)} INFO [worker-${number(9)}] c.e.auth.TokenService - token refreshed for user ${number(1e6)}`,
    () => `WARN  Invalid password for user id=${number(1e6)}: must be at least 12 characters`,
    () => `    at PasswordEncoder.matches (/srv/app/src/auth/password-encoder.ts:${number(300)}:17)`,
    () => `pulled image registry.example.com/shop@sha256:${hex(64)} in ${number(20)}s`,
    () => `commit ${hex(40)} deployed as release 1.${number(20)}.${number(9)}`,
    () => `session opened for user ${number(1e6)} by (uid=0), authentication key exchange took ${number(90)}ms`,
    () => `{"event":"checkout.payment.authorized","orderId":"ord_${number(1e8)}","paymentId":"${uuid()}","durationMs":${number(400)}}`,
    () => `routing key orders.created bound to queue q-${number(99)}; primary key (tenant_id, id) checked`,
    () => `level=info msg="page fetched" nextPageToken=${number(1e9)} tokens=${number(4000)} max_tokens=4096`,
  ];
  return Array.from({ length: count }, (_, index) => (makers[index % makers.length] ?? uuid)());
}
