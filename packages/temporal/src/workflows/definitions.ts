import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { defineQuery, defineUpdate } from '@temporalio/workflow';
import type { HealState, Verdict } from '../messages/messages.ts';
import { DECIDE_UPDATE, SEARCH_ATTRIBUTES, STATE_QUERY } from '../messages/names.ts';

/** Answers the review of a heal; refused unless it names the patch that waits. */
export const decide = defineUpdate<HealState, [Verdict]>(DECIDE_UPDATE);
export const state = defineQuery<HealState>(STATE_QUERY);

export const projectAttribute = defineSearchAttributeKey(SEARCH_ATTRIBUTES.project, SearchAttributeType.KEYWORD);
export const incidentAttribute = defineSearchAttributeKey(SEARCH_ATTRIBUTES.incident, SearchAttributeType.KEYWORD);
export const stageAttribute = defineSearchAttributeKey(SEARCH_ATTRIBUTES.stage, SearchAttributeType.KEYWORD);
export const verdictAttribute = defineSearchAttributeKey(SEARCH_ATTRIBUTES.verdict, SearchAttributeType.KEYWORD);
