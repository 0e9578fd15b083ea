/*
 * Words that the program takes from tables, where po/update cannot see them. Compiled nowhere.
 */
plural(language, "error", "errors", count);
plural(language, "warning", "warnings", count);
plural(language, "remark", "remarks", count);
report_words(language, "info");
report_words(language, "trees");
report_words(language, "commits");
report_words(language, "this clone is shallow: history ends where it was cut");
