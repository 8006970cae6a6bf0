import { describe, expect, it } from 'vitest';
import { parseTelemetryRequested } from './parseTelemetryRequested.ts';

describe('parseTelemetryRequested', () => {
  it('names each path once and bounds what is read', () => {
    expect(parseTelemetryRequested({ projectId: 'p', paths: ['a.log', ' a.log', 'b/*.log', ''] })).toEqual({
      projectId: 'p',
      paths: ['a.log', 'b/*.log'],
      maxBytes: 16_777_216,
    });
    expect(parseTelemetryRequested({ projectId: 'p', paths: ['a.log'], maxBytes: 5 }).maxBytes).toBe(5);
  });

  it('fails where nothing is to be read', () => {
    expect(() => parseTelemetryRequested({ projectId: 'p', paths: [' '] })).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });
});
