import { readFile } from 'node:fs/promises';

/** What a system template is for: the type of the incident, or an activity of any other workflow. */
export const INCIDENT_CLASSES = ['activity', 'error', 'performance', 'behavioral', 'coverage'] as const;
export type IncidentClass = (typeof INCIDENT_CLASSES)[number];

/** Raised with every change of their texts, so that success rates are told apart. */
export const SYSTEM_TEMPLATE_VERSION = 2;

const ABOUT: Readonly<Record<IncidentClass, string>> = {
  activity: 'a failed activity of any workflow',
  error: 'an error that production reports',
  performance: 'an operation that became slow',
  behavioral: 'steps in the wrong order, missing or extra',
  coverage: 'code in use that no test covers',
};

export interface SystemTemplate {
  /** `system:<class>` */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly version: number;
  readonly text: string;
}

export async function systemTemplates(): Promise<SystemTemplate[]> {
  return Promise.all(INCIDENT_CLASSES.map(systemTemplate));
}

export async function systemTemplate(kind: IncidentClass): Promise<SystemTemplate> {
  const text = await readFile(new URL(`./system-templates/${kind}.hbs`, import.meta.url), 'utf8');
  return { id: `system:${kind}`, name: kind, description: ABOUT[kind], version: SYSTEM_TEMPLATE_VERSION, text };
}

/** The class of a failure's system template. */
export function incidentClass(name: string | undefined): IncidentClass {
  return INCIDENT_CLASSES.find((kind) => kind === name) ?? 'activity';
}
