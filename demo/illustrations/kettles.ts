import { disc, gleam, ground, line, shape } from "./drawing.ts";
import { bright, flat, round, shade } from "./palette.ts";

export function harbourKettle(): string {
  return (
    ground(196, 142) +
    line("M112 204C104 96 288 96 280 204", shade("wood"), 20) +
    line("M112 200C106 98 286 98 280 200", flat("wood"), 13) +
    shape("M296 226C326 222 334 196 346 168L376 180C366 220 350 268 300 282Z", round("clay")) +
    shape("M342 172C350 164 372 172 378 182L372 190C362 180 352 176 340 180Z", shade("brick")) +
    shape(
      "M88 314C70 232 118 164 196 164C274 164 322 232 304 314Q302 332 282 332H110Q90 332 88 314Z",
      round("clay"),
    ) +
    shape("M90 304H302L301 318Q298 332 282 332H110Q93 332 90 318Z", shade("brick")) +
    shape("M134 178C150 150 242 150 258 178Q196 196 134 178Z", round("brick")) +
    shape("M182 152C182 142 210 142 210 152L206 160H186Z", shade("wood")) +
    disc(196, 138, 17, 13, round("wood")) +
    gleam("M116 284C108 240 126 206 154 194", 11, 0.42) +
    gleam("M122 300L124 306", 9, 0.3)
  );
}

export function heronKettle(): string {
  return (
    ground(190, 128) +
    line("M118 204C44 190 46 300 112 304", shade("walnut"), 20) +
    line("M116 202C50 190 52 298 110 302", flat("walnut"), 11) +
    line("M264 292C322 290 296 204 326 166C336 152 352 152 366 156", shade("steel"), 17) +
    line("M264 290C318 288 292 202 323 164C334 150 350 150 364 154", flat("steel"), 10) +
    shape("M138 180H244L276 318Q278 332 262 332H120Q104 332 106 318Z", round("steel")) +
    shape("M109 306H274L276 318Q278 332 262 332H120Q104 332 106 318Z", shade("steel")) +
    shape("M132 182C140 156 242 156 250 182Q191 198 132 182Z", round("steel")) +
    line("M134 183Q191 198 248 183", shade("steel"), 3) +
    disc(191, 160, 14, 5, shade("walnut")) +
    disc(191, 146, 15, 15, round("walnut")) +
    gleam("M150 206L132 296", 12, 0.75) +
    gleam("M172 210L162 292", 4, 0.5)
  );
}

export function degreeKettle(): string {
  const dots = [0, 1, 2, 3, 4, 5]
    .map((step) => disc(150 + step * 18, 318, 4, 4, step === 3 ? bright("butter") : "#6f7a78"))
    .join("");
  return (
    ground(198, 138) +
    line("M258 162C344 152 352 286 264 284", shade("iron"), 24) +
    line("M258 160C338 152 344 282 264 281", flat("iron"), 14) +
    shape("M132 150L104 130C98 124 104 116 112 118L150 132Z", round("forest")) +
    shape("M136 132Q138 118 152 118H244Q258 118 260 132L282 300H114Z", round("forest")) +
    shape("M140 118Q144 102 160 100H236Q252 102 256 118Z", round("iron")) +
    shape("M184 100V92Q184 86 190 86H206Q212 86 212 92V100Z", flat("iron")) +
    shape(
      "M100 300H296Q304 300 304 308V320Q304 332 292 332H104Q92 332 92 320V308Q92 300 100 300Z",
      round("iron"),
    ) +
    dots +
    line("M198 176V258", "#ffffff55", 10) +
    line("M198 212V258", bright("butter"), 10) +
    gleam("M154 142L136 282", 11, 0.38)
  );
}

export function emberKettle(): string {
  return (
    ground(194, 146) +
    line("M104 226C92 84 300 84 288 226", shade("brass"), 15) +
    line("M104 222C94 86 298 86 288 222", flat("brass"), 9) +
    line("M160 118Q196 108 232 118", shade("walnut"), 22) +
    line("M162 116Q196 107 230 116", flat("walnut"), 14) +
    shape("M290 254C334 250 330 206 350 174L378 184C372 236 356 290 296 302Z", round("copper")) +
    shape(
      "M62 284C62 218 122 186 196 186C270 186 330 218 330 284C330 318 300 332 276 332H116C92 332 62 318 62 284Z",
      round("copper"),
    ) +
    line("M64 270Q196 300 328 270", shade("copper"), 3) +
    shape("M134 196C142 170 250 170 258 196Q196 212 134 196Z", round("copper")) +
    line("M136 197Q196 211 256 197", shade("copper"), 3) +
    disc(196, 174, 12, 4, shade("brass")) +
    disc(196, 161, 13, 13, round("brass")) +
    disc(106, 226, 11, 11, round("brass")) +
    disc(286, 226, 11, 11, round("brass")) +
    gleam("M90 262C94 236 112 218 138 210", 11, 0.55) +
    gleam("M96 290C98 298 104 306 110 310", 8, 0.3)
  );
}
