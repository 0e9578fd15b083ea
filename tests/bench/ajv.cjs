// Prints the microseconds that ajv needs to evaluate all instances of a set, mean of LOOP runs.
const fs = require("fs");
const path = require("path");
const tools = (name) => require(path.join(process.cwd(), "node_modules", name));
const [schemaFile, instancesFile, loop] = process.argv.slice(2);
const schema = JSON.parse(fs.readFileSync(schemaFile, "utf8"));
const instances = fs.readFileSync(instancesFile, "utf8").split("\n").filter(Boolean).map((l) => JSON.parse(l));
const Ajv = /2020-12/.test(schema.$schema || "") ? tools("ajv/dist/2020").default
	: /draft-04/.test(schema.$schema || "") ? tools("ajv-draft-04").default : tools("ajv").default;
const ajv = new Ajv({ strict: false, validateFormats: false, validateSchema: false, logger: false });
const validate = ajv.compile(schema);
let sum = 0n;
for (let i = 0; i < Number(loop); i++) {
	const start = process.hrtime.bigint();
	for (const instance of instances) validate(instance);
	sum += process.hrtime.bigint() - start;
}
console.log((Number(sum) / 1e3 / Number(loop)).toFixed(1));
