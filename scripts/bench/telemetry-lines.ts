/** Records of a service as structured loggers write them, 203 bytes a line on average, by their number: the same everywhere. */
export function ndjsonLine(number: number): string {
  const kind = number % 4;
  const item = (number * 7919) % 9973;
  return JSON.stringify({
    level: number % 50 === 0 ? 'warn' : 'info',
    time: new Date(START + number * 13).toISOString(),
    service: 'shop',
    version: '1.4.0',
    // Four lines a request, as a flow has them.
    requestId: `req-${(number - kind).toString(36).padStart(8, '0')}`,
    handler: HANDLERS[kind],
    durationMs: ((number * 37) % 500) / 10,
    msg: MESSAGES[kind]?.replace('{}', String(item)).replace('{}', String(item % 200)),
  });
}

/** One export of OTLP/JSON with so many log records, from a number on. */
export function otlpLine(first: number, records: number): string {
  const logRecords = Array.from({ length: records }, (_, index) => {
    const number = first + index;
    const kind = number % 4;
    return {
      timeUnixNano: `${START + number * 13}000000`,
      severityNumber: 9,
      severityText: 'INFO',
      body: { stringValue: MESSAGES[kind]?.replace('{}', String(number % 9973)).replace('{}', String(number % 200)) },
      attributes: [
        { key: 'handler', value: { stringValue: HANDLERS[kind] } },
        { key: 'durationMs', value: { doubleValue: ((number * 37) % 500) / 10 } },
      ],
      traceId: (number - kind).toString(16).padStart(32, 'a'),
      spanId: number.toString(16).padStart(16, 'b'),
    };
  });
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] };
  return JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ scope: { name: 'shop' }, logRecords }] }] });
}

const START = Date.UTC(2024, 4, 1);
const HANDLERS = ['createOrder', 'reserveStock', 'chargeCard', 'sendMail'];
const MESSAGES = [
  'order {} created for customer {}',
  'stock of item {} reserved in warehouse {}',
  'card of customer {} charged with {} EUR',
  'mail {} handed over to queue {}',
];
