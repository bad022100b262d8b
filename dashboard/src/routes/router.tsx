import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from "@tanstack/react-router";
import { meQuery } from "../api/queries.ts";
import { codeOf } from "../api/failure.ts";
import type { ConversationFilter } from "../api/client.ts";
import { Failure, Missing, Waiting } from "./states.tsx";

/** Every address of the dashboard. Each page is loaded when it is first opened. */

const root = createRootRouteWithContext<{ client: QueryClient }>()({ notFoundComponent: Missing });

/** Only places within the dashboard: an address from a link must not lead elsewhere after signing in. */
const innerPath = (value: unknown): string | undefined =>
  typeof value === "string" && /^\/(?![/\\])/.test(value) ? value : undefined;

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search: Record<string, unknown>): { back?: string | undefined } => ({
    back: innerPath(search["back"]),
  }),
  component: lazyRouteComponent(() => import("../sign-in/sign-in-page.tsx"), "SignInPage"),
});

const welcome = createRoute({
  getParentRoute: () => root,
  path: "/welcome",
  beforeLoad: async ({ context, location }) => {
    await signedIn(context.client, location.href);
  },
  component: lazyRouteComponent(() => import("../sign-in/welcome-page.tsx"), "WelcomePage"),
});

async function signedIn(client: QueryClient, href: string) {
  try {
    return await client.ensureQueryData(meQuery);
  } catch (error) {
    if (codeOf(error) === "not_signed_in") {
      throw redirect({
        to: "/sign-in",
        search: href === "/" || href === "/inbox" ? {} : { back: href },
      });
    }
    throw error;
  }
}

const work = createRoute({
  getParentRoute: () => root,
  id: "work",
  beforeLoad: async ({ context, location }) => {
    const me = await signedIn(context.client, location.href);
    if (me.workspace === null || me.operator === null) throw redirect({ to: "/welcome" });
  },
  component: lazyRouteComponent(() => import("../shell/shell.tsx"), "Shell"),
});

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/inbox" });
  },
});

type InboxSearch = { [Part in keyof ConversationFilter]?: ConversationFilter[Part] | undefined };

const inbox = createRoute({
  getParentRoute: () => work,
  path: "/inbox",
  validateSearch: (search: Record<string, unknown>): InboxSearch => ({
    ...(search["status"] === "closed" ? { status: "closed" } : {}),
    ...(search["who"] === "mine" || search["who"] === "unassigned" ? { who: search["who"] } : {}),
  }),
  component: lazyRouteComponent(() => import("../inbox/inbox-page.tsx"), "InboxPage"),
});
const conversation = createRoute({ getParentRoute: () => inbox, path: "$conversation" });
const conversationPerson = createRoute({ getParentRoute: () => conversation, path: "person" });

const visitors = createRoute({
  getParentRoute: () => work,
  path: "/visitors",
  component: lazyRouteComponent(() => import("../visitors/visitors-page.tsx"), "VisitorsPage"),
});
const visitor = createRoute({ getParentRoute: () => visitors, path: "$visitor" });

/** Who is shown beside a list of people. */
const withPerson = (search: Record<string, unknown>): { person?: string | undefined } =>
  typeof search["person"] === "string" ? { person: search["person"] } : {};

const segments = createRoute({
  getParentRoute: () => work,
  path: "/segments",
  component: lazyRouteComponent(
    () => import("../segments/segment-list-page.tsx"),
    "SegmentListPage",
  ),
});
const funnel = createRoute({
  getParentRoute: () => work,
  path: "/segments/funnel",
  component: lazyRouteComponent(() => import("../segments/funnel-page.tsx"), "FunnelPage"),
});
const newSegment = createRoute({
  getParentRoute: () => work,
  path: "/segments/new",
  validateSearch: withPerson,
  component: lazyRouteComponent(
    () => import("../segments/segment-editor-page.tsx"),
    "SegmentEditorPage",
  ),
});
const segment = createRoute({
  getParentRoute: () => work,
  path: "/segments/$segment",
  validateSearch: withPerson,
  component: lazyRouteComponent(() => import("../segments/segment-page.tsx"), "SegmentPage"),
});
const editSegment = createRoute({
  getParentRoute: () => work,
  path: "/segments/$segment/edit",
  validateSearch: withPerson,
  component: lazyRouteComponent(
    () => import("../segments/segment-editor-page.tsx"),
    "SegmentEditorPage",
  ),
});

const triggers = createRoute({
  getParentRoute: () => work,
  path: "/triggers",
  component: lazyRouteComponent(
    () => import("../triggers/trigger-list-page.tsx"),
    "TriggerListPage",
  ),
});
const newTrigger = createRoute({
  getParentRoute: () => work,
  path: "/triggers/new",
  validateSearch: (search: Record<string, unknown>): { from?: string | undefined } =>
    typeof search["from"] === "string" ? { from: search["from"] } : {},
  component: lazyRouteComponent(
    () => import("../triggers/trigger-editor-page.tsx"),
    "TriggerEditorPage",
  ),
});
const trigger = createRoute({
  getParentRoute: () => work,
  path: "/triggers/$trigger",
  component: lazyRouteComponent(
    () => import("../triggers/trigger-editor-page.tsx"),
    "TriggerEditorPage",
  ),
});
const triggerFigures = createRoute({
  getParentRoute: () => work,
  path: "/triggers/$trigger/figures",
  validateSearch: withPerson,
  component: lazyRouteComponent(
    () => import("../triggers/figures/figures-page.tsx"),
    "FiguresPage",
  ),
});

const settings = createRoute({
  getParentRoute: () => work,
  path: "/settings",
  component: lazyRouteComponent(() => import("../settings/settings-page.tsx"), "SettingsPage"),
});
const settingsHome = createRoute({
  getParentRoute: () => settings,
  path: "/",
  component: lazyRouteComponent(() => import("../settings/settings-home.tsx"), "SettingsHome"),
});
const profile = createRoute({
  getParentRoute: () => settings,
  path: "profile",
  component: lazyRouteComponent(
    () => import("../settings/profile/profile-page.tsx"),
    "ProfilePage",
  ),
});
const colleagues = createRoute({
  getParentRoute: () => settings,
  path: "colleagues",
  component: lazyRouteComponent(
    () => import("../settings/colleagues/colleagues-page.tsx"),
    "ColleaguesPage",
  ),
});
const widget = createRoute({
  getParentRoute: () => settings,
  path: "widget",
  component: lazyRouteComponent(
    () => import("../settings/widget-look/widget-page.tsx"),
    "WidgetPage",
  ),
});
const install = createRoute({
  getParentRoute: () => settings,
  path: "install",
  component: lazyRouteComponent(
    () => import("../settings/install/install-page.tsx"),
    "InstallPage",
  ),
});
const email = createRoute({
  getParentRoute: () => settings,
  path: "email",
  component: lazyRouteComponent(() => import("../settings/email/email-page.tsx"), "EmailPage"),
});
const hours = createRoute({
  getParentRoute: () => settings,
  path: "hours",
  component: lazyRouteComponent(() => import("../settings/hours/hours-page.tsx"), "HoursPage"),
});

const automaticMessages = createRoute({
  getParentRoute: () => settings,
  path: "automatic",
  component: lazyRouteComponent(
    () => import("../settings/automatic/automatic-page.tsx"),
    "AutomaticPage",
  ),
});

const identity = createRoute({
  getParentRoute: () => settings,
  path: "identity",
  component: lazyRouteComponent(
    () => import("../settings/identity/identity-page.tsx"),
    "IdentityPage",
  ),
});

const routeTree = root.addChildren([
  signIn,
  welcome,
  home,
  work.addChildren([
    inbox.addChildren([conversation.addChildren([conversationPerson])]),
    visitors.addChildren([visitor]),
    segments,
    funnel,
    newSegment,
    segment,
    editSegment,
    triggers,
    newTrigger,
    trigger,
    triggerFigures,
    settings.addChildren([
      settingsHome,
      profile,
      colleagues,
      widget,
      install,
      identity,
      email,
      hours,
      automaticMessages,
    ]),
  ]),
]);

export function createAppRouter(client: QueryClient) {
  return createRouter({
    routeTree,
    context: { client },
    defaultPreload: "intent",
    defaultPendingComponent: Waiting,
    defaultErrorComponent: Failure,
    defaultPendingMs: 300,
    defaultPendingMinMs: 200,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
