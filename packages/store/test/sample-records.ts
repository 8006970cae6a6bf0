import type { Incident, Project } from '@selfheal/contracts';
import { z } from 'zod';

/** A value that fits a schema: required fields only, the first of several choices. */
export function sampleOf<T>(schema: z.ZodType<T>): T {
  return schema.parse(sampleOfJsonSchema(z.toJSONSchema(schema)));
}

export function project(id: string, changes: Partial<Project> = {}): Project {
  return { id, root: '/repo', name: 'shop', createdAt: 1, ...changes };
}

export function incident(id: string, changes: Partial<Incident> = {}): Incident {
  return {
    id,
    projectId: 'p',
    type: 'error',
    fingerprint: `fingerprint-${id}`,
    title: 'TypeError in getOrder',
    status: 'open',
    severity: 'high',
    generation: 0,
    occurrences: 1,
    firstSeen: 100,
    lastSeen: 200,
    anomalyId: 'a',
    workflowId: `heal-${id}`,
    createdAt: 300,
    updatedAt: 300,
    ...changes,
  };
}

type JsonSchema = z.core.JSONSchema._JSONSchema;

function sampleOfJsonSchema(schema: JsonSchema): unknown {
  if (typeof schema === 'boolean') return null;
  const first = schema.const ?? schema.enum?.[0];
  if (first !== undefined) return first;
  const choice = schema.anyOf?.[0] ?? schema.oneOf?.[0];
  if (choice !== undefined) return sampleOfJsonSchema(choice);
  if (schema.type === 'object') {
    const fields = (schema.required ?? []).map((name) => [name, sampleOfJsonSchema(schema.properties?.[name] ?? false)]);
    return Object.fromEntries(fields);
  }
  if (schema.type === 'array') return [];
  if (schema.type === 'string') return schema.pattern === undefined ? 'text' : `sha256-${'0'.repeat(64)}`;
  if (schema.type === 'boolean') return true;
  if (schema.type === 'null') return null;
  return Math.max(1, schema.minimum ?? 1);
}
