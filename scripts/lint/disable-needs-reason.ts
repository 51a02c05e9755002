/** A rule that is switched off on a line says why: `// oxlint-disable-next-line no-console -- the reason`. */
import type { Rule } from './rule.ts';

const DIRECTIVE = /^\s*(?:oxlint|eslint)-disable/u;
const REASON = /\s--\s+\S/u;

export const disableNeedsReason: Rule = {
  create(context) {
    return {
      Program() {
        for (const comment of context.sourceCode.getAllComments()) {
          if (!DIRECTIVE.test(comment.value) || REASON.test(comment.value)) continue;
          context.report({ loc: comment.loc, message: 'Say why the rule is switched off here: `… -- the reason`.' });
        }
      },
    };
  },
};
