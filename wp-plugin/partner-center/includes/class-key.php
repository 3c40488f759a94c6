<?php
/**
 * The pairing key that plugin and sidecar share. It is never stored.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * The key of one site and what is derived from it. Keys are 32 raw bytes.
 */
final class Key {

	/** The constants it is derived from, in this order. */
	const SALTS = array(
		'AUTH_KEY',
		'AUTH_SALT',
		'SECURE_AUTH_KEY',
		'SECURE_AUTH_SALT',
		'LOGGED_IN_KEY',
		'LOGGED_IN_SALT',
		'NONCE_KEY',
		'NONCE_SALT',
	);

	const PLACEHOLDER = 'put your unique phrase here';
	const MIN_LENGTH  = 32;

	/**
	 * The raw key.
	 *
	 * @var string
	 */
	private $pairing;

	/**
	 * Use one of the named constructors.
	 *
	 * @param string $pairing 32 bytes.
	 */
	private function __construct( string $pairing ) {
		$this->pairing = $pairing;
	}

	/**
	 * The site's key: the one given, else the one derived from its salts.
	 *
	 * @return Key|null Null when there is neither; problem() says why.
	 */
	public static function of_site(): ?Key {
		$given = self::given();
		if ( '' !== $given ) {
			return strlen( $given ) >= self::MIN_LENGTH ? self::from_text( $given, $GLOBALS['wpdb']->prefix ) : null;
		}
		$salts = self::salts();
		return '' === self::unusable( $salts ) ? self::from_salts( $salts, $GLOBALS['wpdb']->prefix ) : null;
	}

	/**
	 * From a text an admin gave to both sides. A network gives it once; each of
	 * its sites has a key of its own.
	 *
	 * @param string $text   At least MIN_LENGTH bytes.
	 * @param string $prefix The site's table prefix.
	 */
	public static function from_text( string $text, string $prefix ): Key {
		return new self( hash_hkdf( 'sha256', $text, 32, 'partner-center given v1', $prefix ) );
	}

	/**
	 * From the salts of wp-config.php, which the sidecar can read too.
	 *
	 * @param string[] $salts  In the order of SALTS.
	 * @param string   $prefix The site's table prefix.
	 */
	public static function from_salts( array $salts, string $prefix ): Key {
		return new self( hash_hkdf( 'sha256', implode( '', $salts ), 32, 'partner-center pairing v1', $prefix ) );
	}

	/** Whether the key was given as a constant or in the environment. */
	public static function is_given(): bool {
		return '' !== self::given();
	}

	/** Why there is no key, in a sentence for administrators; "" when there is one. */
	public static function problem(): string {
		if ( null !== self::of_site() ) {
			return '';
		}
		$given = self::given();
		if ( '' !== $given ) {
			/* translators: 1: number of characters, 2: least number of characters. */
			return sprintf( __( 'PARTNER_CENTER_KEY has %1$d characters; at least %2$d are needed.', 'partner-center' ),
				strlen( $given ), self::MIN_LENGTH );
		}
		/* translators: %s: name of a constant. */
		return sprintf( __( '%s is not set to a secret in wp-config.php, so no key can be derived from it.',
			'partner-center' ), self::unusable( self::salts() ) );
	}

	/** The key calls between plugin and sidecar are signed with. */
	public function calls(): string {
		return $this->derive( 'partner-center calls v1' );
	}

	/** The key the sidecar signs its heartbeat with. */
	public function heartbeat(): string {
		return $this->derive( 'partner-center heartbeat v1' );
	}

	/**
	 * A keyed hash of a visitor's network, which names nobody.
	 *
	 * @param string $network Its bytes.
	 */
	public function client( string $network ): string {
		return hash_hmac( 'sha256', $network, $this->derive( 'partner-center client v1' ) );
	}

	/**
	 * Encrypts a text so that only the sidecar of this site can read it.
	 *
	 * @param string $text Any bytes.
	 */
	public function seal( string $text ): string {
		$nonce = random_bytes( SODIUM_CRYPTO_SECRETBOX_NONCEBYTES );
		return base64_encode( $nonce . sodium_crypto_secretbox( $text, $nonce, $this->pairing ) );
	}

	/**
	 * Decrypts what seal() made.
	 *
	 * @param string $sealed The sealed text.
	 * @return string "" when it was made with another key or damaged.
	 */
	public function open( string $sealed ): string {
		$box  = (string) base64_decode( $sealed, true );
		$size = SODIUM_CRYPTO_SECRETBOX_NONCEBYTES;
		if ( strlen( $box ) < $size + SODIUM_CRYPTO_SECRETBOX_MACBYTES ) {
			return '';
		}
		return (string) sodium_crypto_secretbox_open( substr( $box, $size ), substr( $box, 0, $size ), $this->pairing );
	}

	/**
	 * One key per purpose, so that none serves for another.
	 *
	 * @param string $purpose Distinguishes the keys.
	 */
	private function derive( string $purpose ): string {
		return hash_hkdf( 'sha256', $this->pairing, 32, $purpose );
	}

	/** The text given by constant or environment, "" if none. */
	private static function given(): string {
		return Config::value( 'PARTNER_CENTER_KEY' );
	}

	/** The values of the eight constants, "" where one is missing. */
	private static function salts(): array {
		return array_map(
			static function ( $name ) {
				return defined( $name ) ? (string) constant( $name ) : '';
			},
			self::SALTS
		);
	}

	/**
	 * The first constant that does not serve, "" when all do. Salts WordPress
	 * made up and put into the database don't count: whoever reads the database
	 * would have the key.
	 *
	 * @param string[] $salts In the order of SALTS.
	 */
	private static function unusable( array $salts ): string {
		foreach ( array_combine( self::SALTS, $salts ) as $name => $value ) {
			// "0" is empty for WordPress too.
			if ( empty( $value ) || self::PLACEHOLDER === $value ) {
				return $name;
			}
		}
		return '';
	}
}
