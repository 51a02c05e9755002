/** Which route a method and a path mean. */
import findMyWay from 'find-my-way';
import { JobschedError } from '../../errors.ts';
import { nearestPath } from './nearest.ts';
import type { Method, Route } from './route.ts';

export interface Matched {
  readonly route: Route;
  readonly params: Readonly<Record<string, string | undefined>>;
}

export interface Router {
  /**
   * HEAD means what GET means. Paths are exact: no second slash, no slash at the end, no other case, no
   * escape but in a name, no empty name.
   *
   * @param path without query.
   * @returns null for a path that no route has; MethodNotAllowed, to be thrown when it is known who asks, for one that
   * other methods have.
   */
  find(method: string, path: string): Matched | MethodNotAllowed | null;
  /** The path that was probably meant by one that there is not. */
  nearest(path: string): string | null;
}

export class MethodNotAllowed extends JobschedError {
  /** As the `Allow` header has them. */
  readonly allow: string;
  /** Who may be told. */
  readonly access: 'anyone' | 'viewer';

  constructor(method: string, path: string, allow: string, access: 'anyone' | 'viewer') {
    super('method_not_allowed', `${path.slice(0, 200)} does not take ${method}`, { hint: `It takes ${allow}.` });
    this.allow = allow;
    this.access = access;
  }
}

const METHODS = ['GET', 'POST', 'PATCH', 'DELETE'] as const satisfies readonly Method[];

/**
 * Whether all but the names is spelt as the route has it. The tree takes `%61` for `a` everywhere, and guards that look at
 * a path would not.
 */
function isLiteral(route: string, path: string): boolean {
  const given = path.split('/');
  return route.split('/').every((part, index) => part.startsWith(':') || part === given[index]);
}

export function createRouter(routes: readonly Route[]): Router {
  const tree = findMyWay({ maxParamLength: 300 });
  // The tree wants a handler and gives back a store: ours is the route.
  for (const route of routes) tree.on(route.method, route.path, () => undefined, route);

  const paths = [...new Set(routes.map(({ path }) => path))];

  const lookUp = (method: Method, path: string): Matched | null => {
    const found = tree.find(method, path);
    // Bad escapes match nothing of ours: the tree answers them with a handler of its own, without a store.
    if (!found?.store || Object.values(found.params).includes('')) return null;
    const route = found.store as Route;
    return path.includes('%') && !isLiteral(route.path, path) ? null : { route, params: found.params };
  };

  return {
    find: (method, path) => {
      const wanted = METHODS.find((known) => known === (method === 'HEAD' ? 'GET' : method));
      const matched = wanted === undefined ? null : lookUp(wanted, path);
      if (matched !== null) return matched;
      const others = METHODS.flatMap((other) => lookUp(other, path)?.route ?? []);
      if (others.length === 0) return null;
      const allow = others.map((other) => (other.method === 'GET' ? 'GET, HEAD' : other.method)).join(', ');
      const isOpen = others.some(({ access }) => access === 'anyone');
      return new MethodNotAllowed(method, path, allow, isOpen ? 'anyone' : 'viewer');
    },
    nearest: (path) => nearestPath(path, paths),
  };
}
