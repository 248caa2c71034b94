package io.flotilla.cli;

/**
 * Completion of names that only the cluster knows: topics and consumer groups where a command wants
 * one. A shell asks for them by {@code topic list} and {@code group list}, for 300 ms at most, and
 * keeps the answer for two seconds; without a cluster nothing is offered. Stateless.
 */
final class NameCompletion {

  /** Put behind picocli's script, whose function it calls first; for bash and zsh. */
  static final String BASH =
      """

      # Names that the cluster knows.
      _flotilla_names() {
        if [[ "$1" != "$_flotilla_kind" || $((SECONDS - _flotilla_asked)) -ge 2 ]]; then
          _flotilla_known=$(flotilla "$1" list -o ndjson --timeout 300ms 2>/dev/null |
            sed -n 's/^{"name":"\\([^"]*\\)".*/\\1/p')
          _flotilla_kind=$1
          _flotilla_asked=$SECONDS
        fi
      }

      _flotilla_complete() {
        _complete_flotilla
        local word=${COMP_WORDS[COMP_CWORD]} kind=
        case "$word" in -*) return ;; esac
        case "${COMP_CWORD}:${COMP_WORDS[1]}:${COMP_WORDS[2]}" in
          2:publish:* | 2:get:* | 2:search:* | 2:verify:* | *:subscribe:*) kind=topic ;;
          3:topic:describe | 3:topic:alter | 3:topic:trim | 3:topic:delete) kind=topic ;;
          3:group:describe | 3:group:reset | 3:group:delete) kind=group ;;
        esac
        case "${COMP_WORDS[COMP_CWORD - 1]}" in -g | --group) kind=group ;; esac
        if [[ -n "$kind" ]]; then
          _flotilla_names "$kind"
          COMPREPLY+=($(compgen -W "$_flotilla_known" -- "$word"))
        fi
      }

      complete -F _flotilla_complete -o default flotilla
      """;

  /** Lines for fish. */
  static final String FISH =
      """
      function __flotilla_names
          flotilla $argv[1] list -o ndjson --timeout 300ms 2>/dev/null \
      | string match -rg '^\\{"name":"([^"]*)"'
      end
      for verb in publish subscribe get search verify
          complete -c flotilla -n "__fish_seen_subcommand_from $verb" \
      -f -a '(__flotilla_names topic)'
      end
      for noun in topic group
          complete -c flotilla -n "__fish_seen_subcommand_from $noun; and \
      __fish_seen_subcommand_from describe alter trim reset delete" -f -a "(__flotilla_names $noun)"
      end
      """;

  private NameCompletion() {}
}
