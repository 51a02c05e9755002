/** Colour, by meaning. chalk is loaded only where there is colour. */
type Brush = (text: string) => string;

export interface Paint {
  readonly good: Brush;
  readonly bad: Brush;
  readonly busy: Brush;
  readonly waiting: Brush;
  readonly quiet: Brush;
  readonly strong: Brush;
}

const plain: Brush = (text) => text;

export const NO_PAINT: Paint = { good: plain, bad: plain, busy: plain, waiting: plain, quiet: plain, strong: plain };

/** Colours are the terminal's own sixteen, so that they suit light and dark themes alike. */
export async function createPaint(color: boolean): Promise<Paint> {
  if (!color) return NO_PAINT;
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: 1 });
  return {
    good: chalk.green,
    bad: chalk.red,
    busy: chalk.cyan,
    waiting: chalk.yellow,
    quiet: chalk.dim,
    strong: chalk.bold,
  };
}
