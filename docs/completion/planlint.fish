# Completion for fish: commands and options, asked of the program itself.
function __planlint_commands
    planlint help 2>/dev/null | string match -r '^  [a-z-]+ .*' | string trim | string replace -r ' +' \t
end
function __planlint_options
    planlint help (commandline -opc)[2] 2>/dev/null | string match -ra -- '--[a-z-]+'
end
complete -c planlint -n __fish_use_subcommand -f -a '(__planlint_commands)'
complete -c planlint -n 'not __fish_use_subcommand' -a '(__planlint_options)'
complete -c planlint -l lang -x -a 'en fr'
complete -c planlint -s f -l format -x -a 'text json jsonl sarif csv github gitlab junit checkstyle rdjsonl markdown html'
complete -c planlint -l color -x -a 'auto always never'
complete -c planlint -l fail-level -x -a 'error warning info'
