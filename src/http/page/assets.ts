/** The page as it was built. The only file that imports what the build makes; esbuild puts it into the bundle. */
import page from '../../../dist/page.json' with { type: 'json' };
import type { PageAssets } from './page.ts';

export const PAGE_ASSETS: PageAssets = page;
