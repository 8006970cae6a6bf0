import { defineQuery, defineUpdate } from '@temporalio/workflow';
import type { BuildControl, BuildState } from '../messages/build-messages.ts';
import type { HealState, Verdict } from '../messages/messages.ts';
import { CONTROL_UPDATE, DECIDE_UPDATE, STATE_QUERY } from '../messages/names.ts';

/** Answers the review of a heal; refused unless it names the patch that waits. */
export const decide = defineUpdate<HealState, [Verdict]>(DECIDE_UPDATE);
/** Pauses, resumes, cancels a build, changes how many tasks run at once, or opens again what failed. */
export const controlBuild = defineUpdate<BuildState, [BuildControl]>(CONTROL_UPDATE);
export const buildState = defineQuery<BuildState>(STATE_QUERY);
export const state = defineQuery<HealState>(STATE_QUERY);
