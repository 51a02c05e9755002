/** Screens that are loaded when they are first shown, so that the first one comes quickly. */
import { useSignal } from '@preact/signals';
import type { ComponentType, JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { Problem } from './problem.tsx';
import { Skeleton } from './skeleton.tsx';

/**
 * A component that is loaded when it is first shown.
 *
 * @param load imports it.
 */
export function lazy<Props extends object>(load: () => Promise<ComponentType<Props>>): (props: Props) => JSX.Element {
  let loaded: ComponentType<Props> | null = null;
  return function Lazy(props: Props): JSX.Element {
    const ready = useSignal(loaded !== null);
    const failed = useSignal(false);
    const loadNow = (): void => {
      void load().then(
        (component) => {
          loaded = component;
          return (ready.value = true);
        },
        () => (failed.value = true),
      );
    };
    useEffect(() => {
      if (loaded === null) loadNow();
    }, []);
    const Component = loaded;
    if (ready.value && Component !== null) return <Component {...props} />;
    return failed.value ? <NotLoaded /> : <Skeleton />;
  };
}

/** Either the server is away, or it has been upgraded and its page has other files now: a reload helps in both. */
const NotLoaded = (): JSX.Element => (
  <Problem error={{ message: 'This part of the page could not be loaded.', hint: null }}>
    <button type="button" onClick={() => location.reload()}>
      Load the page again
    </button>
  </Problem>
);
