<?php
/**
 * Checks what phpcs without WordPress' sniffs cannot: that output is escaped,
 * input unslashed, texts translatable, and no door open without a lock.
 *
 * usage: php security.php FILE…
 * Prints one line per finding; exit code 1 when there is any.
 */

/** Functions whose result may be printed, and those that are told to return what they made. */
const ESCAPING = array( 'esc_html', 'esc_attr', 'esc_url', 'esc_html__', 'esc_attr__', 'wp_kses_post', 'checked',
	'selected' );

/** What prints its arguments. */
const PRINTING = array( 'printf', 'vprintf', 'wp_die' );

const TRANSLATING = array( '__', '_e', 'esc_html__', 'esc_html_e', 'esc_attr__', 'esc_attr_e' );

/** Hooks that carry out something for whoever calls them. */
const DOORS = array( 'admin_post_', 'wp_ajax_' );

$findings = 0;
foreach ( array_slice( $argv, 1 ) as $file ) {
	foreach ( check( file_get_contents( $file ) ) as list( $line, $problem ) ) {
		echo "$file:$line: $problem\n";
		++$findings;
	}
}
exit( $findings > 0 ? 1 : 0 );

/** Findings in a source text, [line, problem] each. */
function check( string $source ): array {
	$tokens = tokens( $source );
	return array_merge( unescaped( $tokens, explode( "\n", $source ) ), slashed( $tokens ), untranslatable( $tokens ),
		open_doors( $tokens ) );
}

/** The code as [type, text, line] without blanks and comments. */
function tokens( string $source ): array {
	$line   = 1;
	$tokens = array();
	foreach ( token_get_all( $source, TOKEN_PARSE ) as $token ) {
		$token = is_array( $token ) ? $token : array( 0, $token, $line );
		$line  = $token[2];
		if ( ! in_array( $token[0], array( T_WHITESPACE, T_COMMENT, T_DOC_COMMENT ), true ) ) {
			$tokens[] = $token;
		}
	}
	return $tokens;
}

/** Variables printed outside an escaping function; "// Raw: reason" on the line allows it. */
function unescaped( array $tokens, array $lines ): array {
	$found = array();
	foreach ( $tokens as $i => list( $type, $text, $line ) ) {
		$prints = T_ECHO === $type || T_PRINT === $type
			|| ( is_call( $tokens, $i ) && in_array( $text, PRINTING, true ) );
		if ( $prints && prints_a_variable( $tokens, $i + 1 ) && false === strpos( $lines[ $line - 1 ], '// Raw: ' ) ) {
			$found[] = array( $line, 'prints a value that is not escaped' );
		}
	}
	return $found;
}

/** Whether the statement that starts here prints a variable as it is. */
function prints_a_variable( array $tokens, int $i ): bool {
	$safe = array( false ); // Per open parenthesis.
	for ( ; ! in_array( $tokens[ $i ][1], array( ';', '?>' ), true ); $i++ ) {
		list( $type, $text ) = $tokens[ $i ];
		if ( '(' === $text ) {
			$safe[] = end( $safe ) || in_array( $tokens[ $i - 1 ][1], ESCAPING, true );
		} elseif ( ')' === $text ) {
			array_pop( $safe );
		} elseif ( ( T_VARIABLE === $type || ( '(' !== $text && is_call( $tokens, $i ) ) ) && ! end( $safe ) ) {
			$is_number = T_INT_CAST === $tokens[ $i - 1 ][0];
			if ( ! $is_number && ! in_array( $text, ESCAPING, true ) ) {
				return true;
			}
		}
	}
	return false;
}

/** Reads of superglobals that keep WordPress' slashes. */
function slashed( array $tokens ): array {
	$found = array();
	foreach ( $tokens as $i => list( $type, $text, $line ) ) {
		$reads = T_VARIABLE === $type && in_array( $text, array( '$_POST', '$_GET', '$_REQUEST', '$_COOKIE',
			'$_SERVER' ), true ) && '[' === $tokens[ $i + 1 ][1];
		if ( $reads && ! is_inside( $tokens, $i, array( 'isset', 'unset', 'wp_unslash' ) )
			&& ! is_written( $tokens, $i ) ) {
			$found[] = array( $line, "reads $text without wp_unslash" );
		}
	}
	return $found;
}

/** Texts without this plugin's domain. */
function untranslatable( array $tokens ): array {
	$found = array();
	foreach ( $tokens as $i => list( , $text, $line ) ) {
		if ( in_array( $text, TRANSLATING, true ) && is_call( $tokens, $i ) ) {
			$is_literal = T_CONSTANT_ENCAPSED_STRING === $tokens[ $i + 2 ][0];
			if ( ! $is_literal || "'partner-center'" !== $tokens[ $i + 4 ][1] ) {
				$found[] = array( $line, "$text needs a literal text and the domain 'partner-center'" );
			}
		}
	}
	return $found;
}

/** Hooks for requests of anybody, without nonce and capability checked in the file. */
function open_doors( array $tokens ): array {
	$names  = array_column( $tokens, 1 );
	$locked = in_array( 'check_admin_referer', $names, true ) && in_array( 'current_user_can', $names, true );
	$found  = array();
	foreach ( $tokens as list( $type, $text, $line ) ) {
		foreach ( T_CONSTANT_ENCAPSED_STRING === $type && ! $locked ? DOORS : array() as $door ) {
			if ( 0 === strpos( substr( $text, 1 ), $door ) ) {
				$found[] = array( $line, "hooks $text without check_admin_referer and current_user_can" );
			}
		}
	}
	return $found;
}

/** Whether a name is followed by its arguments and not by a definition. */
function is_call( array $tokens, int $i ): bool {
	return T_STRING === $tokens[ $i ][0] && '(' === ( $tokens[ $i + 1 ][1] ?? '' )
		&& T_FUNCTION !== ( $tokens[ $i - 1 ][0] ?? 0 );
}

/** Whether a token stands in the parentheses of one of these functions. */
function is_inside( array $tokens, int $i, array $functions ): bool {
	for ( $depth = 0; $i > 0 && ! in_array( $tokens[ $i ][1], array( ';', '{', '}' ), true ); $i-- ) {
		$depth += ( ')' === $tokens[ $i ][1] ) - ( '(' === $tokens[ $i ][1] );
		if ( $depth < 0 ) {
			if ( in_array( $tokens[ $i - 1 ][1], $functions, true ) ) {
				return true;
			}
			$depth = 0;
		}
	}
	return false;
}

/** Whether the indexed variable is the target of an assignment. */
function is_written( array $tokens, int $i ): bool {
	while ( ']' !== $tokens[ $i ][1] ) {
		++$i;
	}
	return '=' === $tokens[ $i + 1 ][1];
}
