import type { Json } from '@selfheal/contracts';
import type { LineReader } from './line-reader.ts';
import { stampAt } from './stamp.ts';

const CLF =
  /^(\S{1,100}) \S{1,100} (\S{1,100}) (\[[^\]]{10,60}\]) "([A-Z]{3,10}) (\S{1,8000})(?: (HTTP\/[\d.]+))?" (\d{3}) (\d+|-)(?: "([^"]*)" "([^"]*)")?(?: (.*))?$/;
const MORGAN_DEV = /^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) (\/\S{0,8000}) (\d{3}) ([\d.]+) ms - (\d+|-)$/;
const DURATION = /(?:^|\s)(?:rt|request_time|responseTime|duration|took)?=?"?([\d.]+)(ms|s|us|µs)?"?$/;

/** Combined and common access logs (Apache, nginx, morgan), with a trailing duration where the format was extended; morgan's `dev` lines. */
export const accessLogReader: LineReader = {
  name: 'access-log',
  exclusive: true,
  read(line, { reference }) {
    const dev = MORGAN_DEV.exec(line);
    if (dev !== null) {
      const [, method = '', url = '', status = '', ms = ''] = dev;
      return { text: line, fields: { method, url, status: Number(status), responseTime: Number(ms) } };
    }
    const match = CLF.exec(line);
    if (match === null) return undefined;
    const [, remote = '', user = '-', stampText = '', method = '', url = '', , status = '', bytes = '-', referer, agent, rest] = match;
    const stamp = stampAt(stampText, reference);
    const fields: Record<string, Json> = { remoteAddress: remote, method, url, status: Number(status) };
    if (user !== '-') fields.user = user;
    if (bytes !== '-') fields.bytes = Number(bytes);
    if (referer !== undefined && referer !== '-') fields.referer = referer;
    if (agent !== undefined && agent !== '-') fields.userAgent = agent;
    const ms = trailingMs(rest);
    if (ms !== undefined) fields.responseTime = ms;
    return { text: `${method} ${url} ${status}`, fields, ...(stamp === undefined ? {} : { stamp: stamp.stamp }) };
  },
};

/** A duration after the agent: with its unit, else seconds where it has a point (nginx `$request_time`), else microseconds (Apache `%D`). */
function trailingMs(rest: string | undefined): number | undefined {
  const match = rest === undefined ? null : DURATION.exec(rest.trim());
  if (match === null) return undefined;
  const [, number = '', unit] = match;
  const value = Number(number);
  if (unit === 'ms') return value;
  if (unit === 's') return value * 1000;
  if (unit !== undefined) return value / 1000;
  return number.includes('.') ? value * 1000 : value / 1000;
}
