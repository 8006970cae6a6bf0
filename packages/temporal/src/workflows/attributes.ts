import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { SEARCH_ATTRIBUTES } from '../messages/names.ts';

/** By these a run is found in Temporal's UI. */
export const projectAttribute = defineSearchAttributeKey(SEARCH_ATTRIBUTES.project, SearchAttributeType.KEYWORD);
export const incidentAttribute = defineSearchAttributeKey(SEARCH_ATTRIBUTES.incident, SearchAttributeType.KEYWORD);
export const stageAttribute = defineSearchAttributeKey(SEARCH_ATTRIBUTES.stage, SearchAttributeType.KEYWORD);
export const verdictAttribute = defineSearchAttributeKey(SEARCH_ATTRIBUTES.verdict, SearchAttributeType.KEYWORD);
