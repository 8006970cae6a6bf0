import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SelfhealConfigInput, selfhealConfig } from '@selfheal/contracts';
import { Deliveries } from '../../src/intake/deliveries.ts';
import { openReader, type Reader } from './reader.ts';

/** A receiver on a free port, on a data folder of its own, with the reading side beside it. */
export class OtlpRig implements AsyncDisposable {
  readonly dataDir: string;
  readonly reader: Reader;
  readonly url: string;
  readonly deliveries: Deliveries;

  private constructor(parts: { dataDir: string; reader: Reader; deliveries: Deliveries; url: string }) {
    this.dataDir = parts.dataDir;
    this.reader = parts.reader;
    this.deliveries = parts.deliveries;
    this.url = parts.url;
  }

  static async open(intake: NonNullable<SelfhealConfigInput['intake']> = {}): Promise<OtlpRig> {
    const dataDir = mkdtempSync(join(tmpdir(), 'selfheal-otlp-'));
    const reader = await openReader(dataDir);
    const config = selfhealConfig.parse({ intake: { ...intake, otlp: { port: 0, ...intake.otlp } } });
    const project = { id: 'p', name: 'p', root: dataDir, dataDir, config, configFile: undefined };
    const deliveries = new Deliveries(project, reader.records);
    await deliveries.receive();
    return new OtlpRig({ dataDir, reader, deliveries, url: deliveries.otlpUrl ?? '' });
  }

  async post(path: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}): Promise<Response> {
    return await fetch(this.url + path, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.deliveries.close();
    await this.reader.close();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
