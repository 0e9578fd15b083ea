// Writes the instances of the sets as YAML files, in turn a set each, until there are COUNT:
// OUT/SET/NUMBER.yaml. Block style as people write it, strings quoted only where YAML needs it.
//   node yaml.cjs SETS OUT COUNT
const fs = require("fs");
const path = require("path");
const [sets, out, count] = process.argv.slice(2);
// larger ones say more about parsing one file than about many
const largest = 20000;

function text(value) {
	const plain = /^[A-Za-z_][A-Za-z0-9_ ./-]*$/.test(value) && !/ $/.test(value) &&
		!/^(true|false|null|yes|no|on|off|y|n)$/i.test(value);
	return plain ? value : JSON.stringify(value);
}

function write(value, indent) {
	if (value === null || typeof value !== "object") return " " + (typeof value === "string" ? text(value) : JSON.stringify(value)) + "\n";
	const keys = Object.keys(value);
	if (!keys.length) return Array.isArray(value) ? " []\n" : " {}\n";
	const lead = (key) => indent + (Array.isArray(value) ? "-" : text(key) + ":");
	return "\n" + keys.map((key) => lead(key) + write(value[key], indent + "  ")).join("");
}

const all = fs.readdirSync(sets).filter((name) => fs.existsSync(path.join(sets, name, "instances.jsonl")))
	.map((name) => ({ name, lines: fs.readFileSync(path.join(sets, name, "instances.jsonl"), "utf8")
		.split("\n").filter((line) => line && line.length < largest) }))
	.filter((set) => set.lines.length);
for (const set of all) fs.mkdirSync(path.join(out, set.name), { recursive: true });
for (let i = 0; i < Number(count); i++) {
	const set = all[i % all.length];
	const turn = Math.floor(i / all.length);
	const value = JSON.parse(set.lines[turn % set.lines.length]);
	fs.writeFileSync(path.join(out, set.name, String(turn).padStart(5, "0") + ".yaml"), write(value, "").replace(/^\s/, ""));
}
