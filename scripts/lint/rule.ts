/** The types of a lint rule, which oxlint exports only by way of its tester. */
import type { RuleTester } from 'oxlint/plugins-dev';

export type Rule = Parameters<RuleTester['run']>[1];
