/** The process in which one side of one row is measured: `side.ts <row> <side> <context>`. Tells its figures by message. */
import type { Context, Row } from './row.ts';

const [, , rowName = '', sideName = '', context = '{}'] = process.argv;
const { row } = (await import(`../rows/${rowName}.ts`)) as { row: Row };
const side = row.sides[sideName];
if (side === undefined) throw new Error(`row ${rowName} has no side ${sideName}`);
const figures = await side(JSON.parse(context) as Context);
process.send?.(figures, () => process.exit(0));
