import {
  createTheme,
  type CSSVariablesResolver,
  Drawer,
  type MantineColorsTuple,
  Menu,
  Modal,
  Table,
  Tooltip,
} from "@mantine/core";

/** From almost white to almost black; 7 on white and white on 7 have a contrast of 6 and more. */
const iris: MantineColorsTuple = [
  "#f0f1ff",
  "#e0e2fd",
  "#c3c6f9",
  "#a3a8f6",
  "#868cf2",
  "#6f74ec",
  "#5c60e3",
  "#4a4bd1",
  "#3f3fb4",
  "#333391",
];

const slate: MantineColorsTuple = [
  "#d6dae3",
  "#b4bac8",
  "#9aa2b4",
  "#6d7688",
  "#454d5e",
  "#333a49",
  "#262c39",
  "#191e29",
  "#12161f",
  "#0b0e14",
];

/** The page has a banner; a dialog's title bar is none. */
const TITLE_BAR = { header: { role: "presentation" } };

export const theme = createTheme({
  primaryColor: "iris",
  primaryShade: { light: 7, dark: 6 },
  colors: { iris, dark: slate },
  defaultRadius: "md",
  cursorType: "pointer",
  fontFamily:
    'Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif',
  fontFamilyMonospace:
    'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  headings: { fontWeight: "650" },
  respectReducedMotion: true,
  components: {
    Modal: Modal.extend({
      defaultProps: {
        centered: true,
        overlayProps: { backgroundOpacity: 0.5, blur: 2 },
        closeButtonProps: { "aria-label": "Close" },
        attributes: TITLE_BAR,
      },
      // A title may hold a name, which may be one long word.
      styles: { title: { minWidth: 0, overflowWrap: "anywhere" } },
    }),
    Drawer: Drawer.extend({ defaultProps: { attributes: TITLE_BAR } }),
    // What it would focus in front of the first item is no child that a menu may have.
    Menu: Menu.extend({ defaultProps: { withInitialFocusPlaceholder: false } }),
    Table: Table.extend({ defaultProps: {
        verticalSpacing: "sm",
        horizontalSpacing: "md",
        borderColor: "var(--console-line)",
      },
     }),
    Tooltip: Tooltip.extend({
      defaultProps: { withArrow: true, events: { hover: true, focus: true, touch: true } },
    }),
  },
});

/** What badges and notes of a colour have: a quiet ground and a text that can be read on it. */
function light(color: string, ground: string, text: string): Record<string, string> {
  return {
    [`--mantine-color-${color}-light`]: ground,
    [`--mantine-color-${color}-light-color`]: text,
  };
}

const FILLED = {
  "--mantine-color-red-filled": "#c92a2a",
  "--mantine-color-red-filled-hover": "#b02525",
  "--mantine-color-teal-filled": "#087f5b",
  "--mantine-color-teal-filled-hover": "#076b4d",
};

/** Mantine's own quiet colours are too pale for small text, its loud ones for white text on them. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...FILLED,
    "--mantine-color-dimmed": "#586072",
    "--mantine-color-placeholder": "#6a7182",
    "--mantine-color-error": "#c22929",
    ...light("iris", "#e8e9fd", "#3a3ab0"),
    ...light("teal", "#dcf5ec", "#0b6149"),
    ...light("yellow", "#fdf0cf", "#744600"),
    ...light("red", "#fde6e6", "#a01c1c"),
    ...light("gray", "#eceef3", "#454d5e"),
    "--console-canvas": "#f7f8fb",
    "--console-surface": "#ffffff",
    "--console-line": "#e3e6ee",
  },
  dark: {
    ...FILLED,
    "--mantine-color-dimmed": "#a3abbd",
    "--mantine-color-placeholder": "#8d95a7",
    "--mantine-color-error": "#ff8f8f",
    "--mantine-color-anchor": "#a3a8f6",
    "--mantine-color-body": "#12161f",
    ...light("iris", "#23254d", "#c3c6f9"),
    ...light("teal", "#0e3a2f", "#8ce5c8"),
    ...light("yellow", "#45330d", "#f5d58a"),
    ...light("red", "#4a1d20", "#ffb0b0"),
    ...light("gray", "#272e3c", "#c2c8d4"),
    "--console-canvas": "#0d1017",
    "--console-surface": "#151a24",
    "--console-line": "#272e3c",
  },
});
